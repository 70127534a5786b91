import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../server/src/flow/announce/messages';

describe('A payload of the channel', () => {
  it('is read as topics, or as a ping', () => {
    expect(parseMessage('{"from":"a","topics":["config","events"]}')).toEqual({
      from: 'a',
      kind: 'topics',
      topics: ['events', 'config'],
    });
    expect(parseMessage('{"from":"a","ping":3}')).toEqual({ from: 'a', kind: 'ping', ping: 3 });
  });

  it('may hold topics of a newer version, which are passed over', () => {
    expect(parseMessage('{"from":"a","topics":["feeds","deliveries"]}')).toMatchObject({
      topics: ['deliveries'],
    });
    expect(parseMessage('{"from":"a","topics":["feeds"]}')).toBeNull();
  });

  it.each(['', 'hello', 'null', '[]', '7', '{}', '{"from":7,"ping":1}', '{"from":"a"}'])(
    'is nothing when it is %j',
    (payload) => {
      expect(parseMessage(payload)).toBeNull();
    },
  );
  it.each(['{"from":"a","topics":"events"}', '{"from":"a","topics":[["events"]]}'])(
    'is nothing when its topics are no list of names: %s',
    (payload) => {
      expect(parseMessage(payload)).toBeNull();
    },
  );
});
