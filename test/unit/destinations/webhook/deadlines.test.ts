import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines, type Timed } from '../../../../server/src/destinations/webhook/deadlines';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function timed(inMs: number, signal?: AbortSignal): Timed & { ended: string[] } {
  const ended: string[] = [];
  return {
    ended,
    deadline: performance.now() + inMs,
    signal,
    place: null,
    end: (code) => void ended.push(code),
  };
}

describe('the deadlines of all exchanges', () => {
  it('end each when its time is up, and once', () => {
    const deadlines = new Deadlines();
    const [short, long] = [timed(100), timed(1_000)];
    deadlines.watch(short);
    deadlines.watch(long);
    vi.advanceTimersByTime(90);
    expect(short.ended).toEqual([]);
    vi.advanceTimersByTime(50);
    expect([short.ended, long.ended]).toEqual([['timed_out'], []]);
    vi.advanceTimersByTime(2_000);
    expect([short.ended, long.ended]).toEqual([['timed_out'], ['timed_out']]);
  });

  it('leave alone what has ended by itself', () => {
    const deadlines = new Deadlines();
    const early = timed(100);
    deadlines.watch(early);
    deadlines.forget(early);
    vi.advanceTimersByTime(500);
    expect(early.ended).toEqual([]);
  });

  it('watch on over the others, whichever of them is forgotten, and however often', () => {
    const deadlines = new Deadlines();
    const all = Array.from({ length: 6 }, (_, index) => timed(100 + index));
    for (const one of all) deadlines.watch(one);
    for (const index of [0, 3, 3, 5]) deadlines.forget(all[index]!);
    vi.advanceTimersByTime(500);
    expect(all.map(({ ended }) => ended.length)).toEqual([0, 1, 1, 0, 1, 0]);
  });

  it('end each once, although one that ends makes others end', () => {
    const deadlines = new Deadlines();
    const all = Array.from({ length: 4 }, () => timed(100));
    for (const one of all) deadlines.watch(one);
    const first = timed(100);
    first.end = () => {
      for (const one of all.slice(0, 3)) deadlines.forget(one);
    };
    deadlines.watch(first);
    vi.advanceTimersByTime(500);
    expect(all.map(({ ended }) => ended.length)).toEqual([0, 0, 0, 1]);
  });

  it('end at once what is to be interrupted', () => {
    const deadlines = new Deadlines();
    const stop = new AbortController();
    const running = timed(60_000, stop.signal);
    deadlines.watch(running);
    vi.advanceTimersByTime(50);
    stop.abort();
    vi.advanceTimersByTime(25);
    expect(running.ended).toEqual(['interrupted']);
  });

  it('share one timer, which stops when nothing is under way and starts again', () => {
    const deadlines = new Deadlines();
    const all = Array.from({ length: 200 }, () => timed(100));
    for (const one of all) deadlines.watch(one);
    expect(vi.getTimerCount()).toBe(1);
    for (const one of all) deadlines.forget(one);
    vi.advanceTimersByTime(50);
    expect(vi.getTimerCount()).toBe(0);
    const later = timed(100);
    deadlines.watch(later);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(150);
    expect(later.ended).toEqual(['timed_out']);
  });
});
