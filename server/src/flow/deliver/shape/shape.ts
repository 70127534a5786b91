import { createHash } from 'node:crypto';
import type { BodyFormat } from '../../../domain/body-format';
import type { InScope } from '../../../domain/items';
import type { PartnerRule } from '../../../domain/partner-rule';
import { compileScope } from '../../../domain/scope';
import type { ScopeFilter } from '../../../domain/scope';
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
  /** Which items of an event the reader wants and may have; null: all of them. */
  items: { inScope: InScope; key: string } | null;
  /** Null where the reader is one of our own. */
  partner: PartnerRule | null;
}

/** @throws where a JSON path is none; they are checked when a subscription is saved. */
export function compileShape(
  settings: ShapeSettings,
  scope: ScopeFilter,
  partner: PartnerRule | null = null,
): Shape {
  const { body, projection, transform, schema_majors, gzip } = settings;
  const told = JSON.stringify([
    body,
    projection,
    transform,
    Object.entries(schema_majors).sort(),
    gzip,
    partner?.key ?? null,
  ]);
  return {
    settings: { body, projection, transform, schema_majors, gzip },
    projection: projection && projection.length > 0 ? compileProjection(projection) : null,
    key: createHash('sha256').update(told).digest('base64'),
    items: itemsOf(scope, partner),
    partner,
  };
}

function itemsOf(scope: ScopeFilter, partner: PartnerRule | null): Shape['items'] {
  const { territories, genres, content_types } = scope;
  const lists = [territories, genres, content_types];
  if (partner === null && lists.every((list) => list.length === 0)) return null;
  const wanted = compileScope(scope);
  return {
    inScope: (one) => wanted(one) && (partner === null || partner.inScope(one)),
    key: JSON.stringify(lists),
  };
}
