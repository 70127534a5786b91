/** The clock of this process, which a test may set: what `Date` says, and nothing that counts elapsed time. */
export interface SteppedClock {
  /** Sets the clock by so many milliseconds from the true time. */
  step(offsetMs: number): void;
  /** The true time, in milliseconds since 1970. */
  trueNow(): number;
  /** Gives the process its own `Date` back. */
  restore(): void;
}

/** Puts a `Date` in place that can be stepped, for all code of this process; timers go on as they were. */
export function installSteppedClock(): SteppedClock {
  const TrueDate = globalThis.Date;
  let offset = 0;
  const now = () => TrueDate.now() + offset;
  globalThis.Date = new Proxy(TrueDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: (target) => new target(now()).toString(),
    get: (target, property, receiver) =>
      property === 'now' ? now : (Reflect.get(target, property, receiver) as unknown),
  });
  return {
    step: (offsetMs) => void (offset = offsetMs),
    trueNow: () => TrueDate.now(),
    restore: () => void (globalThis.Date = TrueDate),
  };
}
