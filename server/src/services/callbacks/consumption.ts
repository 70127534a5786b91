import { listConsumption as listQuery } from '../../contracts/callback';
import type { Consumption } from '../../contracts/callback';
import type { ListAnswer } from '../../contracts/common';
import { listConsumption } from '../../store/consumption';
import type { ConsumptionKey, ConsumptionRow } from '../../store/consumption';
import type { Database } from '../../store/database';
import { UnknownCursorError } from '../../store/page';
import { toListAnswer } from '../list-answer';
import { parseInput } from '../validation';

const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** What partners have reported of plays and advertisements, by title and day. */
export class ConsumptionReports {
  readonly #db: () => Database;

  constructor(db: () => Database) {
    this.#db = db;
  }

  /** @throws ValidationError; UnknownCursorError for an `after` that is none of ours. */
  async list(query: unknown): Promise<ListAnswer<Consumption>> {
    const input = parseInput(listQuery, query, 'invalid_query');
    const filters = {
      contentId: input.content_id ?? null,
      partnerId: input.partner_id ?? null,
      eventType: input.event_type ?? null,
      since: dayOf(input.since),
      until: dayOf(input.until),
    };
    const after = input.after === undefined ? null : keyOf(input.after);
    const page = await listConsumption(this.#db(), filters, { limit: input.limit, after });
    return toListAnswer(page, toConsumption, cursorOf);
  }
}

function dayOf(given: string | undefined): string | null {
  return given === undefined ? null : new Date(given).toISOString().slice(0, DAY_LENGTH);
}

function toConsumption(row: ConsumptionRow): Consumption {
  return {
    partner_id: row.partnerId,
    event_type: row.eventType,
    content_id: row.contentId,
    day: row.day,
    count: row.count,
  };
}

function cursorOf({ day, contentId, partnerId, eventType }: ConsumptionRow): string {
  return Buffer.from(JSON.stringify([day, contentId, partnerId, eventType])).toString('base64url');
}

function keyOf(cursor: string): ConsumptionKey {
  const values = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  const isKey =
    Array.isArray(values) &&
    values.length === 4 &&
    // eslint-disable-next-line no-control-regex -- PostgreSQL takes no NUL
    values.every((value) => typeof value === 'string' && !/\u0000/.test(value));
  if (!isKey) throw new UnknownCursorError('This is no cursor of this list');
  const [day = '', contentId = '', partnerId = '', eventType = ''] = values as string[];
  return { day, contentId, partnerId, eventType };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not ours; said by who reads it.
    return null;
  }
}
