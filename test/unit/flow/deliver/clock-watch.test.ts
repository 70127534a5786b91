import { expect, it } from 'vitest';
import { ClockWatch } from '../../../../server/src/flow/deliver/clock-watch';

const HOUR = 3_600_000;

/** A clock that says what the test sets it to, beside one that nobody sets. */
function makeWatch() {
  const time = { wall: Date.UTC(2026, 0, 1), elapsed: 0 };
  const clock = { now: () => new Date(time.wall), random: () => 0 };
  const watch = new ClockWatch(clock, () => time.elapsed);
  const pass = (milliseconds: number, step = 0) => {
    time.elapsed += milliseconds;
    time.wall += milliseconds + step;
    return watch.wasSetBack();
  };
  const stepTo = (step: number) => {
    time.wall += step;
    watch.now();
  };
  return { pass, stepTo };
}

it('takes a clock that it has not seen before for one that may have been set back', () => {
  const { pass } = makeWatch();
  expect(pass(0)).toBe(true);
  expect(pass(10_000)).toBe(false);
});

it('notices a clock that was set back, once', () => {
  const { pass } = makeWatch();
  pass(0);
  expect(pass(10_000, -HOUR)).toBe(true);
  expect(pass(10_000)).toBe(false);
});

it('notices a clock that was set forward and back, and not the forward step', () => {
  const { pass } = makeWatch();
  pass(0);
  expect(pass(10_000, HOUR)).toBe(false);
  expect(pass(10_000, -HOUR)).toBe(true);
});

it('notices a clock that was ahead only in between, where anybody has read it', () => {
  const { pass, stepTo } = makeWatch();
  pass(0);
  stepTo(HOUR);
  expect(pass(1_000, -HOUR)).toBe(true);
  expect(pass(1_000)).toBe(false);
});

it('adds up small corrections back, and takes none of them for a step by itself', () => {
  const { pass } = makeWatch();
  pass(0);
  expect([pass(1_000, -400), pass(1_000, -400), pass(1_000, -400), pass(1_000, -400)]).toEqual([
    false,
    false,
    true,
    false,
  ]);
});
