import { formatBody } from '../../../domain/body-format';
import type { Converted } from '../../../domain/down-convert';
import type { EventBody } from '../../../domain/event';
import { onlyItemsInScope } from '../../../domain/items';
import { treatPersonal } from '../../../domain/personal-data';
import { mayHaveEvent } from '../../../domain/partner-rule';
import { prune } from '../../../domain/projection';
import type { Location, Projection } from '../../../domain/projection';
import { SCHEMA_NOT_KNOWN_YET, TRANSFORM_UNFINISHED } from '../../../domain/outcome';
import { pinnedVersion } from '../../../domain/schema-major';
import type { SequencedEvent } from '../../../store/read-event-bodies';
import type { Evaluate, Evaluation } from '../../expression/ports';
import type { Shape } from './shape';

/** Error codes of what could not be shaped. */
const TRANSFORM_FAILED = 'transform_failed';
const SCHEMA_MAJOR_UNAVAILABLE = 'schema_major_unavailable';
const NO_ITEM_IN_SCOPE = 'no_item_in_scope';
const NOT_FOR_PARTNER = 'not_for_partner';

/** An event that cannot be sent in this shape. Transient: it may be possible later. */
export interface Unshaped {
  kind: 'transient' | 'permanent';
  errorCode: string;
  reason: string;
}

/** An event in a subscription's shape. */
export interface WrittenEvent {
  kind: 'written';
  /** JSON text. */
  text: string;
  /** True where it is the event's own text. */
  own: boolean;
  /** Of what is sent: an older one than the event's where the subscription is pinned to it. */
  schemaVersion: string;
}

/** Writes an event in an older major version of its schema, or says why it cannot be. */
export type DownConvert = (event: EventBody, major: number) => Converted;

export interface WritePorts {
  evaluate: Evaluate;
  downConvert: DownConvert;
  /** The absolute address at which an event can be fetched. */
  linkTo(eventId: string): string;
}

/**
 * Writes an event as a subscription wants it: with what its reader may have of it alone, in its pinned version, then in its
 * body format, then projected, then transformed. The event's own bytes are neither parsed nor written again where none of this is asked for.
 */
export async function writeEvent(
  event: SequencedEvent,
  shape: Shape,
  ports: WritePorts,
): Promise<WrittenEvent | Unshaped> {
  const { body, transform } = shape.settings;
  // It was owed when the partner might have it: rights may have been narrowed since.
  if (shape.partner && !mayHaveEvent(shape.partner, event)) return NOT_ALLOWED;
  const version = pinnedVersion(shape.settings.schema_majors, event);
  if (version.kind === 'unavailable') return unavailable(version.reason);
  const asItIs = version.kind === 'as_it_is';
  const plain = body === 'event' && shape.projection === null && transform === null;
  if (asItIs && plain && isWhole(event, shape)) {
    return { kind: 'written', text: event.body, own: true, schemaVersion: event.schemaVersion };
  }
  const recorded = allowedOf(event, shape);
  if (recorded === null) return NOTHING_LEFT;
  const down = asItIs ? null : ports.downConvert(recorded, version.major);
  if (down?.kind === 'unavailable') return unavailable(down.reason, down.later);
  const converted = down ? down.event : recorded;
  const written = (text: string): WrittenEvent => ({
    kind: 'written',
    text,
    own: false,
    schemaVersion: converted.schema_version,
  });
  const formatted = formatBody(body, converted, ports.linkTo(event.eventId));
  const projected = await project(formatted, shape.projection, ports.evaluate);
  if (projected.kind !== 'value') return unshaped('The projection', projected);
  if (transform === null) return written(projected.json);
  const job = { kind: 'transform', source: transform, input: projected.json } as const;
  const transformed = await ports.evaluate(job);
  return transformed.kind === 'value'
    ? written(transformed.json)
    : unshaped('The transform', transformed);
}

const NOTHING_LEFT: Unshaped = {
  kind: 'permanent',
  errorCode: NO_ITEM_IN_SCOPE,
  reason:
    "None of the event's items is in the scope of the subscription's filter any more; nothing was sent",
};

const NOT_ALLOWED: Unshaped = {
  kind: 'permanent',
  errorCode: NOT_FOR_PARTNER,
  reason: 'The partner may not have this event (any more); nothing was sent',
};

/** Whether its reader may have all of an event, as it is. */
export function isWhole(event: Pick<SequencedEvent, 'items' | 'eventType'>, shape: Shape): boolean {
  const { partner } = shape;
  const allItems = event.items === null || shape.items === null;
  const asItIs = !partner?.treat || partner.personalOf(event.eventType).length === 0;
  return allItems && asItIs;
}

/**
 * The event with those items alone that its reader may have, and with personal data as it may see it; null where no item is
 * left.
 */
function allowedOf(event: SequencedEvent, shape: Shape): EventBody | null {
  const recorded = JSON.parse(event.body) as EventBody;
  const { items, partner } = shape;
  const payload =
    event.items === null || items === null
      ? recorded.payload
      : onlyItemsInScope(recorded.payload as object, event.items, items.inScope);
  if (payload === null && recorded.payload !== null) return null;
  const treated = partner?.treat
    ? treatPersonal(payload, partner.personalOf(event.eventType), partner.treat)
    : payload;
  return treated === recorded.payload ? recorded : { ...recorded, payload: treated };
}

async function project(
  value: object,
  projection: Projection | null,
  evaluate: Evaluate,
): Promise<Evaluation> {
  if (projection === null) return { kind: 'value', json: JSON.stringify(value) };
  try {
    if (projection.quick) return pruned(value, projection.locate(value));
    const found = await evaluate({
      kind: 'locate',
      source: JSON.stringify(projection.paths),
      input: JSON.stringify(value),
    });
    return found.kind === 'value' ? pruned(value, JSON.parse(found.json) as Location[]) : found;
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}

function pruned(value: object, locations: readonly Location[]): Evaluation {
  return { kind: 'value', json: JSON.stringify(prune(value, locations)) };
}

function unshaped(what: string, failure: Exclude<Evaluation, { kind: 'value' }>): Unshaped {
  const reason = `${what} failed: ${failure.reason}; nothing was sent`;
  return failure.kind === 'refused'
    ? { kind: 'permanent', errorCode: TRANSFORM_FAILED, reason }
    : { kind: 'transient', errorCode: TRANSFORM_UNFINISHED, reason };
}

function unavailable(reason: string, later = false): Unshaped {
  return later
    ? { kind: 'transient', errorCode: SCHEMA_NOT_KNOWN_YET, reason }
    : { kind: 'permanent', errorCode: SCHEMA_MAJOR_UNAVAILABLE, reason };
}
