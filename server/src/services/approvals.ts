import { errors } from '@strapi/utils';
import { answerApproval as answerBody } from '../contracts/approval';
import type { StoredEvent } from '../contracts/event';
import { answerApproval } from '../store/approve-event';
import type { RunInTransaction } from '../store/database';
import { ConflictError } from './conflict';
import { parseInput } from './validation';

/** Lets events that need a person's approval leave, or keeps them in. Until then nobody outside sees them, on any path. */
export class Approvals {
  readonly #parts: {
    transaction: RunInTransaction;
    find: (eventId: string) => Promise<StoredEvent>;
    /** There is something to release. */
    approved: () => void;
  };

  constructor(parts: {
    transaction: RunInTransaction;
    find: (eventId: string) => Promise<StoredEvent>;
    approved: () => void;
  }) {
    this.#parts = parts;
  }

  /**
   * @returns the event, which enters feeds and is owed to subscriptions outside as soon as the sequencer has released it.
   * @throws NotFoundError; ConflictError where nothing waits for an answer (any more).
   */
  async approve(eventId: string, input: unknown): Promise<StoredEvent> {
    const event = await this.#answer(eventId, input, 'approved');
    this.#parts.approved();
    return event;
  }

  /** The event stays in; internal subscriptions have had it already. */
  async reject(eventId: string, input: unknown): Promise<StoredEvent> {
    return this.#answer(eventId, input, 'rejected');
  }

  async #answer(
    eventId: string,
    input: unknown,
    approval: 'approved' | 'rejected',
  ): Promise<StoredEvent> {
    parseInput(answerBody, input, 'invalid_body');
    const { status, approval: standing } = await this.#parts.find(eventId);
    if (status === 'invalid') {
      throw new errors.ApplicationError('An invalid event cannot be released; validate it again', {
        code: 'event_invalid',
      });
    }
    const done = await this.#parts.transaction((trx) => answerApproval(trx, eventId, approval));
    if (!done) {
      throw new ConflictError(
        standing === null
          ? 'This event needs no approval'
          : `This event was ${standing === 'pending' ? 'answered meanwhile' : standing} already`,
        { code: standing === null ? 'approval_not_needed' : 'approval_answered' },
      );
    }
    return this.#parts.find(eventId);
  }
}
