import { errors } from '@strapi/utils';
import { StatusError } from '../status-error';
import { fieldError, refusal } from '../validation';

/** The same for a feed that is not there and for one that is another's. */
export function noSuchFeed(): Error {
  return new errors.NotFoundError('There is no such feed', { code: 'not_found' });
}

export function noSuchRecord(): Error {
  return new errors.NotFoundError('There is no such record', { code: 'not_found' });
}

/** @param field where the cursor stands in the request. */
export function cursorInvalid(field: string): Error {
  return refusal(
    [
      fieldError(
        [field],
        'This is no cursor of this feed; give meta.cursor of a page, as it was, or none to begin with the oldest event',
      ),
    ],
    'cursor_invalid',
  );
}

export function cursorExpired(): Error {
  return new StatusError({
    status: 410,
    name: 'CursorExpiredError',
    message:
      'The feed does not go back to this cursor any more, so events may have been missed. Read /records to learn how things stand, and go on without a cursor, from the oldest event that the feed still has',
    details: { code: 'cursor_expired' },
  });
}

export function catchingUp(seconds: number): Error {
  return new StatusError({
    status: 503,
    name: 'FeedCatchingUpError',
    message: 'The records are being brought up to date; try again shortly',
    details: { code: 'feed_catching_up' },
    retryAfter: seconds,
  });
}

/** Its cursor key cannot be decrypted: neither read nor written is a cursor without it. */
export function feedUnavailable(): Error {
  return new StatusError({
    status: 503,
    name: 'FeedUnavailableError',
    message: 'This feed cannot be read at the moment; who runs this installation has to see to it',
    details: { code: 'feed_unavailable' },
  });
}
