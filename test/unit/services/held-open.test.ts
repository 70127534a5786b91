import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeldOpen } from '../../../server/src/services/feeds/held-open';
import { OpenRequests } from '../../../server/src/services/partners/open-requests';

describe('A request that is held open', () => {
  let held: HeldOpen;

  beforeEach(() => {
    vi.useFakeTimers();
    held = new HeldOpen(new OpenRequests({ perToken: 2, inAll: 3 }));
  });
  afterEach(() => vi.useRealTimers());

  const hold = (tokenId = 'a', ms: number | null = null) => {
    let close: () => void = () => undefined;
    const signal = held.hold({ tokenId, ms, onClose: (closed) => (close = closed) });
    return { signal, close: () => close() };
  };

  it('is answered when its time is up', () => {
    const { signal } = hold('a', 5_000);
    vi.advanceTimersByTime(4_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.aborted).toBe(true);
  });

  it('ends when its reader goes, and gives its place back', () => {
    const [first] = [hold(), hold()];
    expect(() => hold()).toThrow('Too many');
    first.close();
    expect(first.signal.aborted).toBe(true);
    expect(hold().signal.aborted).toBe(false);
    expect(() => hold()).toThrow('Too many');
  });

  it('is refused where the process holds too many', () => {
    ['a', 'b', 'c'].forEach((token) => hold(token));
    expect(() => hold('d')).toThrow('Too many');
  });

  it('ends when the process stops, which waits until its answer was sent', async () => {
    const { signal, close } = hold();
    let stopped = false;
    const stopping = held.stop().then(() => (stopped = true));
    expect(signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(stopped).toBe(false);
    close();
    await stopping;
    expect(hold().signal.aborted).toBe(true);
  });

  it('does not keep a process from stopping for long', async () => {
    hold();
    const stopping = held.stop();
    await vi.advanceTimersByTimeAsync(2_000);
    await stopping;
    expect(held.count).toBe(1);
  });

  it('leaves no timer behind', () => {
    hold('a', 30_000).close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
