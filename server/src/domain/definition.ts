import type { WriteAction, DocumentState } from './change';
import type { ContentSchema } from './content-type';
import type { Actor } from './event';
import type { GivenScope } from './scope';
import type { Sla } from './sla';

export type Audience = 'internal' | 'partner' | 'public';

/** Which state of a draft-and-publish type counts (spec §2: the published one, unless drafts are asked for). */
export type CountedState = 'published' | 'draft';

/** One change, with its counted state before and after: what a definition's `when` and `build` are given. */
export interface ChangeContext {
  uid: string;
  documentId: string;
  locale: string | null;
  action: WriteAction;
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
}

/** What a payload schema must be able to do; every zod schema can. */
export interface PayloadSchema {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: unknown }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

/** Strapi's database populate: what else than the document's own columns is read. */
export type Populate = Record<string, unknown>;

/** One content type whose changes a definition looks at. */
export interface EventSource {
  uid: string;
  counts: CountedState;
  /** What `when` and `build` read beyond the document's own columns. */
  populate?: Populate;
}

/** Says which changes make which event, and the schema of its payload. */
export interface EventDefinition {
  type: string;
  /** Semantic version of the payload schema. */
  version: string;
  summary: string;
  audience: Audience;
  /** Empty for events that Newswire itself raises. */
  sources: EventSource[];
  payload: PayloadSchema;
  /** In what time which share of its deliveries is promised; watched, and alerted on. */
  sla?: Sla;
  /** True when the change makes this event. Must be pure and quick: it runs inside the editor's save. */
  when(change: ChangeContext): boolean;
  /** The payload. Must be pure and quick: it runs inside the editor's save. */
  build(change: ChangeContext): unknown;
  /**
   * For which territories, genres and content types the event counts; left out or null, it says nothing of them, and
   * passes every scope filter. Must be pure and quick, as `build`.
   */
  scope?(change: ChangeContext): GivenScope | null;
}

/** A ready-made set of definitions, mapped to the user's own content types and field names. */
export interface Preset {
  name: string;
  /** Makes the definitions; throws an Error that names the option which does not fit the content types. */
  define(schema: ContentSchema): EventDefinition[];
}
