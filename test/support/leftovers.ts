import { afterAll } from 'vitest';

/**
 * Everything a helper opens is entered here and struck off when it is closed. What is still entered when a test
 * file ends is closed, and fails the file: a leftover is a bug in the test, or in the code that did not let go.
 */
const open = new Map<symbol, { what: string; close: () => Promise<unknown> }>();

/** @returns strikes the entry off; call it when the thing has been closed. */
export function enter(what: string, close: () => Promise<unknown>): () => void {
  const key = Symbol(what);
  open.set(key, { what, close });
  return () => void open.delete(key);
}

/** For the setup file: runs after the last hook of every test file. */
export function failOnLeftovers(): void {
  afterAll(async () => {
    // The newest first: a Strapi is closed before the database it uses.
    const left = [...open.values()].reverse();
    open.clear();
    for (const { close } of left) {
      // The error that counts is the one below; closing is only cleaning up.
      await close().catch(() => undefined);
    }
    if (left.length > 0) {
      throw new Error(`Left open by this file: ${left.map(({ what }) => what).join(', ')}`);
    }
  });
}
