import { createHash } from 'node:crypto';
import type { BodyFormat } from '../../../domain/body-format';
import { compileScope } from '../../../domain/scope';
import type { EventScope, ScopeFilter } from '../../../domain/scope';
import { compileProjection } from '../../../domain/projection';
import type { Projection } from '../../../domain/projection';

/** A subscription's `shape` (spec §7), but for batching, which is not a matter of one event. */
export interface ShapeSettings {
  body: BodyFormat;
  /** JSON paths; null for the whole body. */
  projection: readonly string[] | null;
  /** JSONata; null for none. */
  transform: string | null;
  /** Pinned major schema versions by event type. */
  schema_majors: Readonly<Record<string, number>>;
  gzip: boolean;
}

/** A shape, prepared once for each subscription. */
export interface Shape {
  settings: ShapeSettings;
  projection: Projection | null;
  /** Equal for equal shapes. */
  key: string;
  /** Which items of an event the subscription may have; null: all of them. */
  items: { inScope: (scope: EventScope | null) => boolean; key: string } | null;
}

/** @throws where a JSON path is none; they are checked when a subscription is saved. */
export function compileShape(settings: ShapeSettings, scope: ScopeFilter): Shape {
  const { body, projection, transform, schema_majors, gzip } = settings;
  const told = JSON.stringify([
    body,
    projection,
    transform,
    Object.entries(schema_majors).sort(),
    gzip,
  ]);
  return {
    settings: { body, projection, transform, schema_majors, gzip },
    projection: projection && projection.length > 0 ? compileProjection(projection) : null,
    key: createHash('sha256').update(told).digest('base64'),
    items: itemsOf(scope),
  };
}

function itemsOf(scope: ScopeFilter): Shape['items'] {
  const { territories, genres, content_types } = scope;
  const lists = [territories, genres, content_types];
  return lists.every((list) => list.length === 0)
    ? null
    : { inScope: compileScope(scope), key: JSON.stringify(lists) };
}
