import { errors } from '@strapi/utils';
import type { ListAnswer } from '../contracts/common';
import { listEvents as listQuery } from '../contracts/event';
import type { StoredEvent } from '../contracts/event';
import type { EventBody } from '../domain/event';
import type { Database } from '../store/database';
import { findEvent, listEvents } from '../store/event-log';
import type { EventRow } from '../store/event-log';
import { toListAnswer } from './list-answer';
import { parseInput } from './validation';

/** Reads the event log. */
export class Events {
  readonly #db: () => Database;
  readonly #revalidate: (eventId: string) => Promise<void>;

  constructor(input: { db: () => Database; revalidate: (eventId: string) => Promise<void> }) {
    this.#db = input.db;
    this.#revalidate = input.revalidate;
  }

  async list(query: unknown): Promise<ListAnswer<StoredEvent>> {
    const input = parseInput(listQuery, query, 'invalid_query');
    const page = await listEvents(
      this.#db(),
      {
        subjectId: input.subject_id ?? null,
        subjectType: input.subject_type ?? null,
        eventType: input.event_type ?? null,
        actorId: input.actor_id ?? null,
        invalid: input.status ? input.status === 'invalid' : null,
        since: input.since ? new Date(input.since) : null,
        until: input.until ? new Date(input.until) : null,
      },
      { limit: input.limit, after: input.after ?? null },
    );
    return toListAnswer(page, toStoredEvent, (row) => row.eventId);
  }

  async find(eventId: string): Promise<StoredEvent> {
    const row = await findEvent(this.#db(), eventId);
    if (!row) {
      throw new errors.NotFoundError('There is no such event', { code: 'not_found' });
    }
    return toStoredEvent(row);
  }

  /**
   * Makes an invalid event again of its document as it is now, and releases it if nothing is wrong with it any more.
   *
   * @returns the event as it stands then: still `invalid`, with its problems, or `recorded`.
   */
  async revalidate(eventId: string): Promise<StoredEvent> {
    await this.find(eventId);
    await this.#revalidate(eventId);
    return this.find(eventId);
  }
}

/** An event as the API shows it: the event of spec §2, and how it stands in the log. */
export function toStoredEvent(row: EventRow): StoredEvent {
  const captured = JSON.parse(`{${row.text}`) as Omit<EventBody, 'sequence_number' | 'produced_at'>;
  return {
    ...captured,
    sequence_number: row.sequenceNumber,
    produced_at: row.producedAt?.toISOString() ?? null,
    status: row.status === 'invalid' ? 'invalid' : 'recorded',
    approval: row.approval,
    problems: row.problems,
  };
}
