import { describe, expect, it } from 'vitest';
import { batchBytes, fits, isFull } from '../../../server/src/domain/batch';

const limits = { max_items: 3, max_bytes: 1_000, max_wait_seconds: 5 };

describe('A batch', () => {
  it('is JSON of its id and the very bytes of its events', () => {
    const events = ['{"a": 1}', '{"b":"ö\\u00e9"}'];
    const bytes = batchBytes('b-1', events);
    expect(bytes).toBe('{"batch_id":"b-1","events":[{"a": 1},{"b":"ö\\u00e9"}]}');
    expect(JSON.parse(bytes)).toEqual({ batch_id: 'b-1', events: [{ a: 1 }, { b: 'öé' }] });
  });

  it('takes events up to its number and its size', () => {
    expect(fits({ items: 2, bytes: 10 }, 10, limits)).toBe(true);
    expect(fits({ items: 3, bytes: 10 }, 10, limits)).toBe(false);
    expect(fits({ items: 1, bytes: 500 }, 600, limits)).toBe(false);
  });

  it('never exceeds its size by what it adds around the events', () => {
    let fill = { items: 0, bytes: 0 };
    const events: string[] = [];
    const event = JSON.stringify({ text: 'x'.repeat(40) });
    const many = { ...limits, max_items: 1_000 };
    while (fits(fill, event.length, many)) {
      events.push(event);
      fill = { items: fill.items + 1, bytes: fill.bytes + event.length + 1 };
    }
    const bytes = batchBytes('0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11', events);
    expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(many.max_bytes);
    expect(events.length).toBeGreaterThan(10);
  });

  it('takes one event that is larger than it may be, alone', () => {
    expect(fits({ items: 0, bytes: 0 }, 5_000, limits)).toBe(true);
    expect(isFull({ items: 1, bytes: 5_000 }, limits)).toBe(true);
  });
});
