import pRetry from 'p-retry';
import { isTransientDatabaseError } from '../domain/transient-error';

const RETRIES = 5;
const FIRST_WAIT_MS = 50;
const MAX_WAIT_MS = 2_000;

/** Does database work again after an error that is known to pass; any other error is thrown at once. */
export async function retryTransient<T>(work: () => Promise<T>): Promise<T> {
  return pRetry(work, {
    retries: RETRIES,
    minTimeout: FIRST_WAIT_MS,
    maxTimeout: MAX_WAIT_MS,
    randomize: true,
    shouldRetry: ({ error }) => isTransientDatabaseError(error),
  });
}
