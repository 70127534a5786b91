import type { z } from 'zod';
import type {
  Audience,
  ChangeContext,
  CountedState,
  EventDefinition,
  Populate,
} from '../server/src/domain/definition';
import type { GivenScope } from '../server/src/domain/scope';
import type { Sla } from '../server/src/domain/sla';

/** What {@link defineEvent} takes: a definition for one content type, typed by its payload schema. */
export interface EventInput<Payload extends z.ZodType> {
  /** Dotted, lower case, e.g. `executive.commissioner.promoted`. */
  type: string;
  /** Semantic version of the payload schema, e.g. `1.0.0`. */
  version: string;
  /** One sentence for the catalogue. */
  summary: string;
  source: {
    uid: string;
    /** For a type with draft and publish: whose state counts. Default `published`. */
    counts?: CountedState;
    populate?: Populate;
  };
  audience?: Audience;
  payload: Payload;
  /** The promise on delivery, e.g. `{ withinSeconds: 300, share: 0.99 }`: 99 % within five minutes. */
  sla?: Sla;
  when: (change: ChangeContext) => boolean;
  build: (change: ChangeContext) => z.input<Payload>;
  /** For which territories (ISO 3166-1 alpha-2), genres and content types the event counts. */
  scope?: (change: ChangeContext) => GivenScope | null;
}

const TYPE = /^[a-z0-9_]+(\.[a-z0-9_]+)+$/;
const VERSION = /^\d+\.\d+\.\d+$/;

/**
 * Defines an event: which changes of which content type make it, and what it says.
 *
 * @throws Error naming the definition and the field that is wrong.
 */
export function defineEvent<Payload extends z.ZodType>(
  input: EventInput<Payload>,
): EventDefinition {
  if (!TYPE.test(input.type)) {
    throw new Error(
      `Event definition "${input.type}": type must be dotted lower case, e.g. "show.renewed"`,
    );
  }
  if (!VERSION.test(input.version)) {
    throw new Error(
      `Event definition "${input.type}": version "${input.version}" must be like "1.0.0"`,
    );
  }
  const { uid, counts = 'published', populate } = input.source;
  return {
    type: input.type,
    version: input.version,
    summary: input.summary,
    audience: input.audience ?? 'internal',
    sources: [{ uid, counts, ...(populate ? { populate } : {}) }],
    payload: input.payload,
    ...(input.sla ? { sla: input.sla } : {}),
    when: input.when,
    build: input.build,
    ...(input.scope ? { scope: input.scope } : {}),
  };
}
