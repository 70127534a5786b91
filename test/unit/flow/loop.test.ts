import { afterEach, expect, it } from 'vitest';
import { Loop, type Pause } from '../../../server/src/flow/loop';
import { installSteppedClock, type SteppedClock } from '../../support/stepped-clock';
import { waitFor } from '../../support/wait-for';

const HOUR = 3_600_000;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

let clock: SteppedClock | undefined;
afterEach(() => {
  clock?.restore();
  clock = undefined;
});

it('goes on in time after a failure, though the clock is set back meanwhile', async () => {
  clock = installSteppedClock();
  let steps = 0;
  const step = (): Promise<Pause> => {
    steps += 1;
    if (steps === 1) throw new Error('The database is away');
    return Promise.resolve({ sleepMs: HOUR });
  };
  const loop = new Loop({ name: 'Testing', step, log: LOG });
  loop.start();
  clock.step(-HOUR);
  // Wakes it up in the middle of its pause: it looks again at how long it still has to wait.
  loop.wake();
  try {
    await waitFor(() => steps === 2, 3_000, 'the step after the one that failed');
    expect(steps).toBe(2);
  } finally {
    await loop.stop();
  }
});
