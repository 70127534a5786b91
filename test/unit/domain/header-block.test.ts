import { describe, expect, it } from 'vitest';
import { readHeaderBlock, writeHeaderBlock } from '../../../server/src/domain/header-block';

describe('Header blocks', () => {
  it('keep names, values and their order', () => {
    const headers = {
      'Content-Type': 'application/json',
      'X-Signature': 'sha256=ab:cd',
      'x-empty': '',
      'x-quoted': '"a", \\b: {c}',
      date: 'Sat, 21 Nov 2026 14:00:00 GMT',
    };
    const block = writeHeaderBlock(headers);

    expect(block.split('\n')).toHaveLength(6);
    expect(Object.entries(readHeaderBlock(block))).toEqual(Object.entries(headers));
  });

  it('of no header are empty', () => {
    expect(writeHeaderBlock({})).toBe('');
    expect(readHeaderBlock('')).toEqual({});
  });

  it('are read from the JSON of older attempts, too', () => {
    expect(readHeaderBlock('{"date":"today","x-a":"b"}')).toEqual({ date: 'today', 'x-a': 'b' });
    expect(readHeaderBlock('{}')).toEqual({});
  });
});
