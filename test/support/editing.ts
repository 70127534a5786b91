import type { Core } from '@strapi/strapi';
import { expect } from 'vitest';
import { EventLog } from './event-log';
import type { LoggedEvent } from './event-log';
import { waitFor } from './wait-for';

const DAY = 86_400_000;

/** The moment so many days from now. */
export const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
/** Its day. */
export const dayIn = (days: number) => inDays(days).slice(0, 10);

/** Edits the demo as an editor's save does, and gives the events of the presets that are looked at. */
export function editing(strapi: Core.Strapi) {
  const log = new EventLog(strapi);
  const next = async () =>
    (await log.next()).filter(({ event_type }) => !event_type.startsWith('entry.'));
  return {
    next,
    async create(uid: string, data: object, published = false) {
      const { documentId } = await strapi.documents(uid as never).create({
        data: data as never,
        ...(published ? { status: 'published' as never } : {}),
      });
      return { documentId, events: await next() };
    },
    async update(uid: string, documentId: string, data: object, published = false) {
      await strapi.documents(uid as never).update({
        documentId,
        data: data as never,
        ...(published ? { status: 'published' as never } : {}),
      });
      return next();
    },
    async remove(uid: string, documentId: string) {
      await strapi.documents(uid as never).delete({ documentId });
      return next();
    },
    /** Moves a document's date, and the moment that is kept for it, into the past: time goes by. */
    async letCome(uid: string, documentId: string, attribute: string) {
      const db = strapi.db.connection;
      const { tableName } = strapi.db.metadata.get(uid);
      const day = dayIn(-2);
      await db(tableName)
        .where({ document_id: documentId })
        .update({ [attribute]: day });
      const due = Date.parse(day) + (attribute === 'end_date' ? DAY : 0);
      const moments = () => db('newswire_moments').where({ document_id: documentId });
      const kept = await moments().select<{ name: string }[]>('name');
      expect(kept).not.toEqual([]);
      await moments().update({ due_at: due, try_at: due });
      return waitFor(async () => {
        const events = await next();
        return events.length > 0 ? events : null;
      });
    },
  };
}

export const typesOf = (events: LoggedEvent[]) => events.map(({ event_type }) => event_type);
export const problemsOf = (events: LoggedEvent[]) => events.flatMap(({ problems }) => problems);
