import { describe, expect, it } from 'vitest';
import {
  createReceiver,
  memoryDedupe,
  redisDedupe,
  type DedupeStore,
} from '../../../server/src/receiver';
import { keysOf, NOW, SECRET, signedRequest } from './signed-request';

/** What of Redis the store asks for, with a clock of its own. */
function fakeRedis(now: () => number) {
  const entries = new Map<string, { value: string; until: number }>();
  const live = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.until > now() ? entry.value : null;
  };
  return async (...words: string[]): Promise<unknown> => {
    const [command, key = '', value = '', ...rest] = words;
    await Promise.resolve();
    if (command === 'GET') return live(key);
    if (command === 'EVAL') {
      const [name = '', expected = ''] = rest;
      return live(name) === expected ? Number(entries.delete(name)) : 0;
    }
    if (command !== 'SET') throw new Error(`ERR unknown command ${command}`);
    if (rest.includes('NX') && live(key) !== null) return null;
    const until = now() + Number(rest[rest.indexOf('PX') + 1]);
    entries.set(key, { value, until });
    return 'OK';
  };
}

const STORES: [name: string, make: (now: () => number) => DedupeStore][] = [
  ['in memory', (now) => memoryDedupe({ now })],
  ['in Redis', (now) => redisDedupe(fakeRedis(now))],
];

describe.each(STORES)('a store %s', (_name, make) => {
  it('gives an id to one of many who ask at once', async () => {
    const store = make(() => 0);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.claim('a', `t${index}`, 1_000)),
    );
    expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'in_progress')).toHaveLength(19);
    expect(await store.claim('b', 't', 1_000)).toBe('claimed');
  });

  it('remembers what is done, for as long as it is told', async () => {
    let now = 0;
    const store = make(() => now);
    await store.claim('a', 't', 1_000);
    await store.finish('a', 60_000);
    now = 59_999;
    expect(await store.claim('a', 'u', 1_000)).toBe('done');
    now = 60_001;
    expect(await store.claim('a', 'v', 1_000)).toBe('claimed');
  });

  it('gives an id again when the lease of its holder has run out', async () => {
    let now = 0;
    const store = make(() => now);
    await store.claim('a', 'dead', 1_000);
    now = 999;
    expect(await store.claim('a', 'next', 1_000)).toBe('in_progress');
    now = 1_001;
    expect(await store.claim('a', 'next', 1_000)).toBe('claimed');
  });

  it("lets go of a claim, but not of another's", async () => {
    let now = 0;
    const store = make(() => now);
    await store.claim('a', 'late', 1_000);
    now = 1_001;
    await store.claim('a', 'next', 1_000);
    await store.release('a', 'late');
    expect(await store.claim('a', 'third', 1_000)).toBe('in_progress');
    await store.release('a', 'next');
    expect(await store.claim('a', 'third', 1_000)).toBe('claimed');
  });
});

describe('a store in memory', () => {
  it('holds no more ids than it may, and forgets the oldest', async () => {
    const store = memoryDedupe({ maxEntries: 3, now: () => 0 });
    for (const id of ['a', 'b', 'c', 'd']) {
      await store.claim(id, 't', 1_000);
      await store.finish(id, 1_000);
    }
    expect(await store.claim('a', 't', 1_000)).toBe('claimed');
    expect(await store.claim('d', 't', 1_000)).toBe('done');
  });
});

describe.each(STORES)('processing, with a store %s', (_name, make) => {
  const receiverWith = () =>
    createReceiver({ secrets: [SECRET], now: () => NOW, dedupe: make(() => 0) });
  const request = signedRequest(keysOf({}));

  it('runs the handler once for an event that comes twice', async () => {
    const receiver = receiverWith();
    const handled: string[] = [];
    const handler = ({ id }: { id: string }) => void handled.push(id);
    expect(await receiver.process(request, handler)).toMatchObject({
      result: 'processed',
      status: 204,
    });
    expect(await receiver.process(request, handler)).toMatchObject({
      result: 'duplicate',
      status: 204,
    });
    expect(handled).toHaveLength(1);
  });

  it('sends a copy away to come again while the first is being worked on', async () => {
    const receiver = receiverWith();
    let finish = (): void => undefined;
    const working = receiver.process(
      request,
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await receiver.process(request, () => undefined)).toMatchObject({
      result: 'in_progress',
      status: 425,
    });
    finish();
    expect(await working).toMatchObject({ result: 'processed' });
  });

  it('lets go of the event when the handler fails, and throws on what it threw', async () => {
    const receiver = receiverWith();
    const failing = receiver.process(request, () => Promise.reject(new Error('disk full')));
    await expect(failing).rejects.toThrow('disk full');
    expect(await receiver.process(request, () => undefined)).toMatchObject({ result: 'processed' });
  });

  it('runs no handler and takes no id for what is refused', async () => {
    const receiver = receiverWith();
    const forged = { ...request, body: '{}' };
    const result = await receiver.process(forged, () => {
      throw new Error('must not run');
    });
    expect(result).toMatchObject({
      result: 'refused',
      status: 401,
      refusal: { code: 'signature_mismatch' },
    });
    expect(await receiver.process(request, () => undefined)).toMatchObject({ result: 'processed' });
  });
});

describe('processing without a store', () => {
  it('is refused with what to give', async () => {
    const receiver = createReceiver({ secrets: [SECRET] });
    await expect(receiver.process({ headers: {}, body: '' }, () => undefined)).rejects.toThrow(
      /memoryDedupe/,
    );
  });
});
