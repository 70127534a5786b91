import { z } from 'zod';
import type { DocumentState } from '../../server/src/domain/change';
import type { ContentSchema } from '../../server/src/domain/content-type';
import type { EventDefinition, Preset } from '../../server/src/domain/definition';
import type { FeedItemInput, ShownEvent } from '../../server/src/domain/feed-item/item';
import { defineEvent } from '../define-event';
import { endInstantOf, instantOf } from '../instants';
import { startBeforeEnd } from '../rules';
import { checkedMapping, endDate, path, uid } from './checked-mapping';
import { Paths } from './paths';

const editionMapping = z.strictObject({
  /** Content type of editions: what is scheduled, from when to when. */
  uid,
  fields: z.strictObject({ name: path, start: path, end: path }),
  /** What names the titles in it, e.g. `items.title.content_id`. */
  titles: path.optional(),
  /** Of an end without a time of day: whether that day is the last one, or the first one after. Default `inclusive`. */
  lastDay: endDate,
});

/** How the edition preset finds editions in the user's own content types. */
export type EditionMapping = z.input<typeof editionMapping>;

const payload = z.strictObject({
  edition_id: z.string(),
  name: z.string(),
  start: z.string(),
  end: z.string(),
  titles: z.array(z.string()).describe('ids or names of the published titles in it'),
});

const EXAMPLE: z.input<typeof payload> = {
  edition_id: 'e1d2i3t4i5o6n7',
  name: 'Saturday night drama',
  start: '2026-02-07T20:00:00.000Z',
  end: '2026-02-07T23:30:00.000Z',
  titles: ['NL-RIV-0101', 'NL-RIV-0102'],
};

/** `Edition scheduled: Saturday night drama`. */
function feedItem(event: ShownEvent<z.output<typeof payload>>): FeedItemInput {
  const { name, start, end } = event.payload ?? {};
  const done = event.event_type === 'edition.unscheduled' ? 'unscheduled' : 'scheduled';
  return {
    title: `Edition ${done}: ${name || 'untitled'}`,
    summary: start && end ? `From ${start} to ${end}.` : null,
  };
}

/**
 * Events of a schedule.
 *
 * | type | made when |
 * | --- | --- |
 * | `edition.unscheduled` | a scheduled edition is withdrawn or deleted before it is over, or its dates change |
 * | `edition.scheduled` | an edition that is not over is published, or its dates change: then after `edition.unscheduled` |
 */
export function edition(mapping: EditionMapping): Preset {
  return {
    name: 'edition',
    options: mapping,
    define: (schema) => defineEdition(schema, checkedMapping('edition', editionMapping, mapping)),
  };
}

function defineEdition(
  schema: ContentSchema,
  mapping: z.output<typeof editionMapping>,
): EventDefinition[] {
  const paths = new Paths(schema, 'edition preset, uid', mapping.uid);
  const text = (field: keyof typeof mapping.fields) =>
    paths.text(`edition preset, fields.${field}`, mapping.fields[field]);
  const [name, start, end] = [text('name'), text('start'), text('end')];
  const titles = paths.words('edition preset, titles', mapping.titles);

  const datesOf = (state: DocumentState | null) => ({
    begins: instantOf(start(state)),
    ends: endInstantOf(end(state), mapping.lastDay),
  });
  /** True for an edition that has two dates, in their order, and is not over. */
  const isScheduled = (state: DocumentState | null, now: Date): boolean => {
    const { begins, ends } = datesOf(state);
    return begins !== null && ends !== null && begins < ends && ends > now;
  };
  /** True also for one whose dates make no sense, since the editor must be told. */
  const isMeant = (state: DocumentState | null, now: Date): boolean => {
    const { begins, ends } = datesOf(state);
    return (
      start(state) !== null &&
      end(state) !== null &&
      !(begins && ends && begins < ends && ends <= now)
    );
  };
  const build = (state: DocumentState | null, documentId: string): z.input<typeof payload> => ({
    edition_id: documentId,
    name: name(state) ?? '',
    start: start(state) ?? '',
    end: end(state) ?? '',
    titles: titles(state),
  });
  const isSameTime = (one: DocumentState | null, other: DocumentState | null): boolean =>
    (['begins', 'ends'] as const).every(
      (side) => datesOf(one)[side]?.getTime() === datesOf(other)[side]?.getTime(),
    );
  const common = {
    version: '1.0.0',
    audience: 'partner' as const,
    source: { uid: mapping.uid, populate: paths.populate },
    payload,
    examples: [EXAMPLE],
    changelog: [{ version: '1.0.0', changes: ['First version.'] }],
    feedItem,
  };
  return [
    defineEvent({
      ...common,
      type: 'edition.unscheduled',
      summary:
        'A scheduled edition was withdrawn before it was over, or has other dates: then `edition.scheduled` follows.',
      when: ({ before, after, now }) =>
        isScheduled(before, now) && !(isScheduled(after, now) && isSameTime(before, after)),
      build: ({ documentId, before }) => build(before, documentId),
    }),
    defineEvent({
      ...common,
      type: 'edition.scheduled',
      summary: 'An edition was scheduled, or has other dates than before.',
      rules: [startBeforeEnd('', { start: 'start', end: 'end', endDate: mapping.lastDay })],
      when: ({ before, after, now }) =>
        isMeant(after, now) && !(isScheduled(before, now) && isSameTime(before, after)),
      build: ({ documentId, after }) => build(after, documentId),
    }),
  ];
}
