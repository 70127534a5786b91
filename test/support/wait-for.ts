const LOOK_EVERY = 10;

type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>;

/**
 * Waits until a condition holds, e.g. until a receiver has had three requests.
 *
 * @throws Error after `timeout` milliseconds, with what was looked at last.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  timeout = 10_000,
  what = 'the condition',
): Promise<Truthy<T>> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value as Truthy<T>;
    if (Date.now() > deadline) {
      throw new Error(`Waited ${timeout} ms in vain for ${what}; last seen: ${String(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
