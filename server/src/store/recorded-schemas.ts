import type { JsonSchema } from '../domain/definition';
import type { RememberedSchema, SchemaHead } from '../domain/schema-registry';
import type { Database } from './database';
import { toNumber } from './database';
import { TABLES } from './tables';

/** A schema of the catalogue's memory, without the schema itself. */
export interface SchemaRow extends SchemaHead {
  eventType: string;
  changes: string[];
  recordedAt: Date;
}

interface Row {
  event_type: string;
  version: string;
  digest: string;
  changes: string;
  recorded_at: unknown;
}

/** All schemas that are recorded, of one event type or of all, without the schemas themselves. */
export async function listSchemas(db: Database, eventType?: string): Promise<SchemaRow[]> {
  const rows: Row[] = await db(TABLES.schemas)
    .modify((query) => (eventType === undefined ? query : query.where({ event_type: eventType })))
    .select('event_type', 'version', 'digest', 'changes', 'recorded_at');
  return rows.map((row) => ({
    eventType: row.event_type,
    version: row.version,
    digest: row.digest,
    changes: JSON.parse(row.changes) as string[],
    recordedAt: new Date(toNumber(row.recorded_at)),
  }));
}

/** The schemas of an event type, whole. */
export async function readSchemas(db: Database, eventType: string): Promise<RememberedSchema[]> {
  const rows: { version: string; digest: string; schema: string }[] = await db(TABLES.schemas)
    .where({ event_type: eventType })
    .select('version', 'digest', 'schema');
  return rows.map(({ schema, ...head }) => ({ ...head, schema: JSON.parse(schema) as JsonSchema }));
}

/** One schema; null where none is recorded under the version. */
export async function findSchema(
  db: Database,
  eventType: string,
  version: string,
): Promise<JsonSchema | null> {
  const row: { schema: string } | undefined = await db(TABLES.schemas)
    .where({ event_type: eventType, version })
    .first('schema');
  return row ? (JSON.parse(row.schema) as JsonSchema) : null;
}

/** Records a schema, unless another process was first with one under the same version. */
export async function insertSchema(
  db: Database,
  schema: RememberedSchema & { eventType: string; changes: string[]; recordedAt: Date },
): Promise<void> {
  await db(TABLES.schemas)
    .insert({
      event_type: schema.eventType,
      version: schema.version,
      digest: schema.digest,
      schema: JSON.stringify(schema.schema),
      changes: JSON.stringify(schema.changes),
      recorded_at: schema.recordedAt.getTime(),
    })
    .onConflict(['event_type', 'version'])
    .ignore();
}
