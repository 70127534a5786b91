import type { z } from 'zod';
import type { ChangeAction, DocumentState } from '../server/src/domain/change';
import type {
  Audience,
  BusinessRule,
  ChangeContext,
  ChangelogEntry,
  CountedState,
  Populate,
  Priority,
} from '../server/src/domain/definition';
import type { FeedItemInput, ShownEvent } from '../server/src/domain/feed-item/item';
import type { GivenScope } from '../server/src/domain/scope';
import type { Sla } from '../server/src/domain/sla';
import type { ItemOf, ListOf, PathOf } from './payload-paths';

/** Whose changes are looked at. */
export interface SourceInput {
  /** The content type's uid. */
  uid: string;
  /** For a type with draft and publish: whose state counts. Default `published`. */
  counts?: CountedState;
  /**
   * Which changes are looked at. Default: all. Publishing through Strapi's REST API is an `update` (or `create`) that
   * publishes, so whoever looks for publications should look at the states, not at the action.
   */
  actions?: readonly ChangeAction[];
  /** What `when`, `build`, `scope` and `moments` read beyond the document's own columns: relations, components, media. */
  populate?: Populate;
}

/** An older version of the payload, for subscriptions that are pinned to it. */
export interface PreviousVersionInput {
  /** Semantic version, e.g. `1.4.0`. */
  version: string;
  payload: z.ZodType;
  /** Makes a payload of this version from one of the next newer version. Pure. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the newer payload is whatever the newer schema says
  down: (payload: any) => unknown;
}

/** A payload's list whose entries count for different territories, genres and content types. */
export type ItemsInput<Payload> = {
  [K in ListOf<Payload>]: {
    /** Name of the payload's list. */
    list: K;
    scope: (item: ItemOf<Payload, K>, change: ChangeContext) => GivenScope | null;
  };
}[ListOf<Payload>];

/** What `defineEvent` takes: a definition typed by its payload schema. */
export interface EventInput<Payload extends z.ZodType> {
  /** Dotted, lower case, e.g. `executive.commissioner.promoted`. */
  type: string;
  /** Semantic version of the payload schema, e.g. `1.0.0`. A breaking change of the schema needs a new major. */
  version: string;
  /** One sentence for the catalogue. */
  summary: string;
  source: SourceInput | readonly SourceInput[];
  /** Who may ever see the event. Default `internal`. */
  audience?: Audience;
  /** True where a person must release the event before partners see it. Default false. */
  approval?: boolean;
  /** `high`: its deliveries go before others that wait for the same subscription. Default `normal`. */
  priority?: Priority;
  payload: Payload;
  /** Payloads as they may look: shown in the catalogue and in the published documents, checked at boot. */
  examples?: readonly z.input<Payload>[];
  /** What a payload must keep to beside its schema. */
  rules?: readonly BusinessRule<z.output<Payload>>[];
  /** Where the payload holds personal data: `['name', 'titles[].primary_contact']`. */
  personal?: readonly PathOf<z.output<Payload>>[];
  /** A list of the payload of which each reader receives only what is in its scope. */
  items?: ItemsInput<z.output<Payload>>;
  /** The promise on delivery, e.g. `{ withinSeconds: 300, share: 0.99 }`: 99 % within five minutes. */
  sla?: Sla;
  /** What changed with each version, newest first. */
  changelog?: readonly ChangelogEntry[];
  /** Older major versions, newest first; each makes its payload from that of the next newer one. */
  previousVersions?: readonly PreviousVersionInput[];
  /**
   * Where one change makes several events of this type: what each is about, as JSON; found as `change.part` by `when`, `build`
   * and `scope`.
   */
  parts?: (change: ChangeContext) => readonly unknown[];
  when: (change: ChangeContext) => boolean;
  build: (change: ChangeContext) => z.input<Payload>;
  /** For which territories (ISO 3166-1 alpha-2), genres and content types the event counts. */
  scope?: (change: ChangeContext) => GivenScope | null;
  /** Times of a state at which the event may be due although nobody writes; see `EventDefinition.moments`. */
  moments?: (
    state: DocumentState,
    uid: string,
  ) => Readonly<Record<string, Date | string | null | undefined>>;
  /**
   * How the event reads in RSS, Atom and JSON Feed. It is given the event as one reader may see it: any part of it may be
   * missing. Default, and where it answers null: its type in words and what it is about, what has changed, and the payload as a list.
   */
  feedItem?: (event: ShownEvent<z.output<Payload>>) => FeedItemInput | null;
}
