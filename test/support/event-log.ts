import type { EventProblem } from '../../server/src/domain/event-problem';
import type { Core } from '@strapi/strapi';
import type { EventBody } from '../../server/src/domain/event';

/** An event of the log as a test wants to see it. */
export interface LoggedEvent extends EventBody {
  status: string;
  problems: EventProblem[];
}

/** Reads the events that were captured since it was last asked, in the order of capture. */
export class EventLog {
  readonly #strapi: Core.Strapi;
  #last = 0;

  constructor(strapi: Core.Strapi) {
    this.#strapi = strapi;
  }

  async next(): Promise<LoggedEvent[]> {
    const rows = (await this.#strapi.db
      .connection('newswire_events')
      .where('id', '>', this.#last)
      .orderBy('id')) as {
      id: number | string;
      body: string;
      status: string;
      errors: string | null;
    }[];
    this.#last = Math.max(this.#last, ...rows.map((row) => Number(row.id)));
    return rows.map((row) => ({
      ...(JSON.parse(`{${row.body}`) as EventBody),
      status: row.status,
      problems: JSON.parse(row.errors ?? '[]') as EventProblem[],
    }));
  }

  /** The types of the events captured since it was last asked. */
  async nextTypes(): Promise<string[]> {
    return (await this.next()).map((event) => event.event_type);
  }
}
