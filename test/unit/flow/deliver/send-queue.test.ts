import { describe, expect, it } from 'vitest';
import type { Job } from '../../../../server/src/flow/deliver/attempt';
import { SendQueue } from '../../../../server/src/flow/deliver/send-queue';

/** A queue whose jobs end when the test says so, on a clock of the test's own. */
function makeQueue(limit: number) {
  const running: { id: string; end: () => Promise<void> }[] = [];
  let time = 0;
  let low = 0;
  const queue = new SendQueue({
    limit,
    elapsed: () => time,
    runsLow: () => (low += 1),
    run: (job) =>
      new Promise((resolve) => {
        const { subscriptionId } = job.delivery;
        const end = async () => {
          running.splice(running.indexOf(entry), 1);
          resolve();
          // The queue hears of it some microtasks later.
          await new Promise((done) => setImmediate(done));
        };
        const entry = { id: subscriptionId, end };
        running.push(entry);
      }),
  });
  return {
    queue,
    running,
    add: (id: string, count: number, places = 8) => {
      for (let n = 0; n < count; n += 1) queue.add(jobOf(id), places);
    },
    count: (id: string) => running.filter((job) => job.id === id).length,
    endOne: async (id: string) => running.find((job) => job.id === id)?.end(),
    pass: (ms: number) => void (time += ms),
    lowSince: () => {
      const seen = low;
      low = 0;
      return seen;
    },
  };
}

function jobOf(subscriptionId: string): Job {
  return { delivery: { subscriptionId }, size: 10 } as unknown as Job;
}

describe('The send queue', () => {
  it('gives every subscription its places, and the process its limit', () => {
    const { add, count, running } = makeQueue(10);
    add('a', 20, 4);
    expect(count('a')).toBe(4);
    add('b', 20, 8);
    expect(running.length).toBeLessThanOrEqual(10);
    expect(count('b')).toBeGreaterThanOrEqual(5);
  });

  it('uses all its places when all have something to send', () => {
    const { add, running } = makeQueue(5);
    for (const id of ['a', 'b', 'c']) add(id, 20);
    expect(running).toHaveLength(5);
  });

  it('leaves places free for others when many endpoints hang', () => {
    const { add, count } = makeQueue(256);
    for (let n = 0; n < 40; n += 1) add(`hung-${n}`, 16);
    for (let n = 0; n < 10; n += 1) add(`well-${n}`, 8);
    for (let n = 0; n < 10; n += 1) expect(count(`well-${n}`)).toBeGreaterThanOrEqual(1);
  });

  it('lets lanes take turns', async () => {
    const { add, running } = makeQueue(1);
    add('a', 3);
    add('b', 3);
    const order: string[] = [];
    while (running.length > 0) {
      order.push(running[0]!.id);
      await running[0]!.end();
    }
    expect(order.join('')).toBe('aababb');
  });

  it('reads ahead for an endpoint by its pace, and not at all for one that hangs', async () => {
    const { add, endOne, queue, pass } = makeQueue(256);
    expect(queue.room('fast', 8)).toBe(16);
    add('fast', 16);
    add('hung', 16);
    for (let n = 0; n < 16; n += 1) {
      pass(2);
      await endOne('fast');
    }
    // Sixteen in 32 ms are 50 in 100 ms, beside the eight places themselves.
    expect(queue.room('fast', 8)).toBe(58);
    expect(queue.room('hung', 8)).toBe(0);
  });

  it('reads further ahead where claims take long, up to half a second', async () => {
    const { add, endOne, queue, pass } = makeQueue(256);
    add('fast', 16);
    for (let n = 0; n < 16; n += 1) {
      pass(2);
      await endOne('fast');
    }
    expect(queue.room('fast', 8)).toBe(58);
    queue.claimTook(200);
    // Three times 60 ms, as one claim counts for three tenths.
    expect(queue.room('fast', 8)).toBe(98);
    for (let n = 0; n < 50; n += 1) queue.claimTook(60_000);
    expect(queue.room('fast', 8)).toBe(258);
    expect(queue.room('unknown', 8)).toBe(16);
  });

  it('asks for more when little is left of what was owed, once', async () => {
    const { add, endOne, queue, lowSince } = makeQueue(256);
    add('a', 16);
    queue.expectMore('a');
    for (let n = 0; n < 3; n += 1) await endOne('a');
    expect(lowSince()).toBe(0);
    for (let n = 0; n < 13; n += 1) await endOne('a');
    expect(lowSince()).toBe(1);
  });

  it('counts what it holds, and forgets lanes that have been empty for a while', async () => {
    const { add, endOne, queue, pass } = makeQueue(256);
    add('a', 3, 2);
    expect([queue.held, queue.heldCharacters]).toEqual([3, 30]);
    expect(queue.takeWaiting('a')).toHaveLength(1);
    await endOne('a');
    await endOne('a');
    expect([queue.held, queue.heldCharacters]).toEqual([0, 0]);
    pass(1_000);
    queue.forgetIdle();
    expect(queue.subscriptions()).toEqual(['a']);
    pass(2_000);
    queue.forgetIdle();
    expect(queue.subscriptions()).toEqual([]);
  });
});
