import type { ContentSchema, ContentTypeShape } from '../../../server/src/domain/content-type';
import type {
  ChangeContext,
  EventDefinition,
  EventSource,
  Preset,
} from '../../../server/src/domain/definition';
import { toDefinition } from '../../to-definition';
import { entryOf, populateOf, publicAttributes } from './entry';
import { entryItem } from './feed-item';
import { EntrySchemas } from './schema';

export interface GenericOptions {
  /** Uids of the content types to watch, or `*` for every `api::` content type. Default `*`. */
  contentTypes?: '*' | string[];
  /** Uids left out, where `contentTypes` is `*`. */
  exclude?: string[];
  /**
   * Content types with draft and publish whose drafts make `entry.created` and `entry.updated` as well.
   * Default none: for these types the published state counts, so that no draft leaves the house unasked.
   */
  drafts?: string[];
}

interface GenericPayload {
  content_type: string;
  entry: Record<string, unknown>;
  /** Former values of the attributes that changed; empty when there was no state before. */
  previous: Record<string, unknown>;
}

/**
 * The generic events of any content type, from its own attributes, without code:
 *
 * | type | made when |
 * | --- | --- |
 * | `entry.created` | a document is created (types without draft and publish, or drafts asked for) |
 * | `entry.updated` | one of its attributes changed (the same) |
 * | `entry.published` | a published version appears or changes |
 * | `entry.unpublished` | the published version is withdrawn |
 * | `entry.deleted` | the document is deleted (of a type with draft and publish: while published) |
 *
 * Their schemas are made from the attributes; their versions are counted from 1.0.0 as editors change content types.
 */
export function generic(options: GenericOptions = {}): Preset {
  return { name: 'generic', options, define: (schema) => defineGeneric(schema, options) };
}

function defineGeneric(schema: ContentSchema, options: GenericOptions): EventDefinition[] {
  const watched = watchedTypes(schema, options);
  const drafts = new Set(options.drafts ?? []);
  const single = watched.filter((type) => !type.draftAndPublish);
  const drafted = watched.filter((type) => type.draftAndPublish && drafts.has(type.uid));
  const published = watched.filter((type) => type.draftAndPublish);
  const publishedOnly = published.filter((type) => !drafts.has(type.uid));

  const schemas = new EntrySchemas(schema);

  const source = (counts: EventSource['counts']) => (type: ContentTypeShape) => ({
    uid: type.uid,
    counts,
    populate: populateOf(schema, type.own),
  });
  const ownState = [...single.map(source('published')), ...drafted.map(source('draft'))];
  const publishedState = published.map(source('published'));
  const readable = new Map(watched.map((type) => [type.uid, new Set(publicAttributes(type.own))]));
  const altered = (change: ChangeContext) =>
    change.changed.some((attribute) => readable.get(change.uid)?.has(attribute));

  const define = (
    type: string,
    summary: string,
    sources: EventSource[],
    when: EventDefinition['when'],
  ): EventDefinition => ({
    ...toDefinition(
      {
        type,
        version: '1.0.0',
        summary,
        source: sources,
        payload: schemas.payload([...new Set(sources.map(({ uid }) => uid))].sort()),
        when,
        build: (change) => ({ ...buildPayload(schema, change) }),
        feedItem: entryItem,
      },
      schemas.writing,
    ),
    automaticVersion: true,
  });

  return [
    define(
      'entry.created',
      'An entry was created.',
      ownState,
      (c) => !c.before && c.after !== null,
    ),
    define('entry.updated', 'An entry changed.', ownState, (c) => {
      return c.before !== null && c.after !== null && altered(c);
    }),
    define('entry.published', 'A version of an entry was published.', publishedState, (c) => {
      return c.after !== null && (c.before === null || altered(c));
    }),
    define('entry.unpublished', 'An entry was withdrawn.', publishedState, (c) => {
      return c.before !== null && c.after === null && c.action !== 'delete';
    }),
    define(
      'entry.deleted',
      'An entry was deleted.',
      [...ownState, ...publishedOnly.map(source('published'))],
      (c) => c.before !== null && c.after === null && c.action === 'delete',
    ),
  ];
}

function watchedTypes(schema: ContentSchema, options: GenericOptions): ContentTypeShape[] {
  const { contentTypes = '*', exclude = [], drafts = [] } = options;
  const named = [...(contentTypes === '*' ? [] : contentTypes), ...exclude, ...drafts];
  const unknown = named.find((uid) => !schema.contentTypes[uid]);
  if (unknown !== undefined) {
    throw new Error(`generic preset: this application has no content type "${unknown}"`);
  }
  return Object.values(schema.contentTypes).filter((type) =>
    contentTypes === '*'
      ? type.uid.startsWith('api::') && !exclude.includes(type.uid)
      : contentTypes.includes(type.uid),
  );
}

function buildPayload(schema: ContentSchema, change: ChangeContext): GenericPayload {
  const own = schema.contentTypes[change.uid]?.own ?? {};
  const entry = entryOf(schema, change.after ?? change.before ?? {}, own);
  const former = change.after && change.before ? change.before : {};
  const previous = Object.fromEntries(
    Object.entries(entryOf(schema, former, own)).filter(([name]) => change.changed.includes(name)),
  );
  return { content_type: change.uid, entry, previous };
}
