import type { ChangeAction, DocumentState } from './change';
import type { ContentSchema } from './content-type';
import type { Actor } from './event';
import type { MakeItem } from './feed-item/item';
import type { GivenScope } from './scope';
import type { Sla } from './sla';

/** Who may ever see an event: nobody outside, partners, or anybody. */
export type Audience = 'internal' | 'partner' | 'public';

/** Which state of a draft-and-publish type counts (spec §2: the published one, unless drafts are asked for). */
export type CountedState = 'published' | 'draft';

/** Whether deliveries of an event go before those of others that wait for the same subscription. */
export type Priority = 'normal' | 'high';

/** One change, with its counted state before and after: what a definition's `when` and `build` are given. */
export interface ChangeContext {
  uid: string;
  documentId: string;
  locale: string | null;
  /** `due` where no one wrote: a moment of the document has come. */
  action: ChangeAction;
  /** Which moment has come; null for a write. */
  moment: string | null;
  /** True for a type with draft and publish. */
  draftAndPublish: boolean;
  /** Which state this is: a draft-and-publish type has a change of its draft and one of its published state. */
  status: CountedState;
  /** Null when the state did not exist before. */
  before: DocumentState | null;
  /** Null when the state is gone. */
  after: DocumentState | null;
  /** Names of the attributes that differ. */
  changed: string[];
  actor: Actor;
  /** The moment of capture. */
  now: Date;
  /** What of the change this event is about, where it makes several: see `EventDefinition.parts`. */
  part?: unknown;
}

/** What a payload schema must be able to do; every zod schema can. */
export interface PayloadSchema {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: unknown }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

/** A JSON Schema (2020-12) as JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Strapi's database populate: what else than the document's own columns is read. */
export type Populate = Record<string, unknown>;

/** One content type whose changes a definition looks at. */
export interface EventSource {
  uid: string;
  counts: CountedState;
  /** Changes that are looked at; left out, all of them. */
  actions?: readonly ChangeAction[];
  /** What `when` and `build` read beyond the document's own columns. */
  populate?: Populate;
}

/** One thing that is wrong with a payload, and where: `rights.end_date`. */
export interface Violation {
  path: string;
  message: string;
}

/** What a payload must keep to beside its schema. Pure and quick: it runs inside the editor's save. */
export interface BusinessRule<Payload = unknown> {
  /** For machines: `rights_end_before_start`. */
  code: string;
  /** One sentence for the catalogue. */
  summary: string;
  /** Paths into the payload that it reads, `titles[].rights.territories`: checked at boot, so that none is misspelt. */
  paths?: readonly string[];
  check(payload: Payload, now: Date): Violation[];
}

/** A payload's list whose entries count for different territories, genres and content types. */
export interface EventItems {
  /** Name of the payload's list. */
  list: string;
  scope(item: unknown, change: ChangeContext): GivenScope | null;
}

/** An older major version of a payload, for subscriptions that are pinned to it. */
export interface PreviousVersion {
  version: string;
  payload: PayloadSchema;
  schema: JsonSchema;
  /** Makes a payload of this version from one of the next newer version. Pure. */
  down(payload: unknown): unknown;
}

/** What changed with a version of a payload's schema. */
export interface ChangelogEntry {
  version: string;
  changes: readonly string[];
}

/** Says which changes make which event, and the schema of its payload. */
export interface EventDefinition {
  type: string;
  /** Semantic version of the payload schema. */
  version: string;
  /** True where the version is counted by the registry as the schema changes, from `version` on. */
  automaticVersion: boolean;
  summary: string;
  audience: Audience;
  /** True where a person must release the event before partners see it. */
  approval: boolean;
  priority: Priority;
  /** Set where partners tell of it: each of its events counts for the one partner that has told it, and for ourselves. */
  fromPartners?: true;
  /** Empty for events that Newswire itself raises. */
  sources: readonly EventSource[];
  payload: PayloadSchema;
  /** The payload's schema as JSON Schema. */
  schema: JsonSchema;
  /** Payloads as they may look. */
  examples: readonly unknown[];
  rules: readonly BusinessRule[];
  /** Where the payload holds personal data: `name`, `titles[].contact.email`. */
  personal: readonly string[];
  changelog: readonly ChangelogEntry[];
  /** Newest first. */
  previousVersions: readonly PreviousVersion[];
  items?: EventItems;
  /**
   * Where one change makes several events of this type, e.g. one for each title that was added: what each of them is about,
   * as JSON. `when`, `build` and `scope` are asked for each, with the part in the change. Pure and quick, as `build`.
   */
  parts?: (change: ChangeContext) => readonly unknown[];
  /**
   * How the event reads as an item of a feed: `{ title, summary, url, content_html }`. It is given the event as one reader may
   * see it, so any part of it may be missing. Where it throws, or answers no title, the default item stands.
   */
  feedItem?: MakeItem;
  /** In what time which share of its deliveries is promised; watched, and alerted on. */
  sla?: Sla;
  /** True when the change makes this event. Must be pure and quick: it runs inside the editor's save. */
  when: (change: ChangeContext) => boolean;
  /** The payload. Must be pure and quick: it runs inside the editor's save. */
  build: (change: ChangeContext) => unknown;
  /**
   * For which territories, genres and content types the event counts; left out or null, it says nothing of them, and
   * passes every scope filter. Must be pure and quick, as `build`.
   */
  scope?: (change: ChangeContext) => GivenScope | null;
  /**
   * Times of a state at which the event may have to be made although nobody writes, by name: `{ rights_end: … }`. When one
   * comes, `when` is asked with `action: 'due'` and its name as `moment`, once, after a downtime too. A time that has
   * passed already when the state is written is left to `when` of that write. Pure and quick, as `build`.
   *
   * @param uid the content type that the state is of, for a definition with several sources.
   */
  moments?: (
    state: DocumentState,
    uid: string,
  ) => Readonly<Record<string, Date | string | null | undefined>>;
}

/** A ready-made set of definitions, mapped to the user's own content types and field names. */
export interface Preset {
  name: string;
  /** What it was made with: with other options its definitions may name other moments. */
  options: unknown;
  /** Makes the definitions; throws an Error that names the option which does not fit the content types. */
  define(schema: ContentSchema): EventDefinition[];
}
