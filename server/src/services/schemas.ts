import { errors } from '@strapi/utils';
import type { CatalogueEntry, ChangelogItem, PublishedEntry } from '../contracts/catalogue';
import { isInbound } from '../../../config/presets/inbound';
import { asyncApiDocument } from '../domain/asyncapi';
import { withCallbacks } from '../domain/asyncapi-callbacks';
import type { Catalogue } from '../domain/catalogue';
import type { EventDefinition, JsonSchema } from '../domain/definition';
import { eventSchema } from '../domain/event-schema';
import { compareVersions } from '../domain/semantic-version';
import type { Clock } from '../flow/ports';
import { recordSchemas } from '../flow/record-schemas';
import type { Database } from '../store/database';
import { findSchema, listSchemas } from '../store/recorded-schemas';
import type { SchemaRow } from '../store/recorded-schemas';
import { VERSION } from './version';

interface Parts {
  db: () => Database;
  catalogue: Catalogue;
  clock: Clock;
  producerId: string;
  /** The absolute address of `/api/newswire`. */
  routes: string;
}

/** Whose eyes the answer is for: only definitions with an audience outside are anybody's business. */
export type Reader = 'anybody' | 'admin';

/** The catalogue's schemas: recorded before events are made under them, and published. */
export class Schemas {
  readonly #parts: Parts;
  #asyncApi: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Records the schemas of all definitions and counts their versions; before anything is captured.
   *
   * @throws Error that says which definition's schema may not go under its version, and what would be right.
   */
  async record(): Promise<void> {
    const { db, catalogue, clock } = this.#parts;
    catalogue.number(await recordSchemas({ db: db(), clock }, catalogue.definitions));
    this.#asyncApi = null;
  }

  async catalogue(): Promise<CatalogueEntry[]> {
    const versions = await this.#versions();
    return this.#parts.catalogue.definitions.map((definition) =>
      this.#entryOf(definition, versions(definition)),
    );
  }

  /**
   * One definition, with what changed in its versions.
   *
   * @throws NotFoundError where there is none.
   */
  async entry(eventType: string): Promise<CatalogueEntry & { changelog: ChangelogItem[] }> {
    const changelog = await this.changelog(eventType, 'admin');
    const definition = this.#find(eventType, 'admin');
    const recorded = changelog.filter(({ recorded_at }) => recorded_at !== null);
    const versions = recorded.map(({ version }) => version);
    return {
      ...this.#entryOf(definition, newestFirst([definition.version, ...versions])),
      changelog,
    };
  }

  async published(): Promise<PublishedEntry[]> {
    const versions = await this.#versions();
    return this.#outside().map((definition) => ({
      event_type: definition.type,
      version: definition.version,
      versions: versions(definition),
      summary: definition.summary,
      links: {
        schema: this.#addressOf(definition.type, definition.version),
        changelog: `${this.#parts.routes}/schemas/${definition.type}/changelog`,
      },
    }));
  }

  /**
   * The JSON Schema of a whole event, of any version that was ever recorded.
   *
   * @throws NotFoundError where there is none that the reader may see.
   */
  async schema(eventType: string, version: string, reader: Reader): Promise<JsonSchema> {
    const definition = this.#find(eventType, reader);
    const { type, summary } = definition;
    const current = version === definition.version;
    const schema = current
      ? definition.schema
      : isVersion(version)
        ? await findSchema(this.#parts.db(), type, version)
        : null;
    if (schema === null) {
      throw new errors.NotFoundError(
        `${type} has no version of this number; GET /schemas lists those that there are`,
        { code: 'unknown_version' },
      );
    }
    const examples = current ? definition.examples : [];
    const event = { type, version, summary, schema, examples };
    return eventSchema(event, this.#addressOf(type, version));
  }

  /** @throws NotFoundError where there is no such event that the reader may see. */
  async changelog(eventType: string, reader: Reader): Promise<ChangelogItem[]> {
    const { type, changelog } = this.#find(eventType, reader);
    const rows = await listSchemas(this.#parts.db(), type);
    const told = new Map(changelog.map((entry) => [entry.version, entry.changes]));
    const recorded = new Map(rows.map((row) => [row.version, row]));
    return newestFirst([...told.keys(), ...recorded.keys()]).map((version) => ({
      version,
      recorded_at: recorded.get(version)?.recordedAt.toISOString() ?? null,
      changes: [...(told.get(version) ?? recorded.get(version)?.changes ?? [])],
    }));
  }

  /** The AsyncAPI 3.0 document of all events that anybody may know of, sent and taken, as JSON text. */
  asyncApi(): string {
    const { producerId, routes, catalogue } = this.#parts;
    if (this.#asyncApi !== null) return this.#asyncApi;
    const described = this.#outside().map(({ type, version, summary, schema, examples }) => ({
      ...{ type, version, summary, schema, examples },
      group: catalogue.groupOf(type),
      address: this.#addressOf(type, version),
    }));
    const events = described.filter(({ type }) => !isInbound(type));
    const callbacks = described.filter(({ type }) => isInbound(type));
    const title = `Events of ${producerId}`;
    const sent = asyncApiDocument({ title, version: VERSION, routes, events });
    this.#asyncApi = JSON.stringify(withCallbacks(sent, { routes, callbacks }));
    return this.#asyncApi;
  }

  #entryOf(definition: EventDefinition, versions: string[]): CatalogueEntry {
    return {
      event_type: definition.type,
      schema_version: definition.version,
      summary: definition.summary,
      audience: definition.audience,
      approval: definition.approval,
      priority: definition.priority,
      preset: this.#parts.catalogue.groupOf(definition.type),
      source: [...new Set(definition.sources.map(({ uid }) => uid))],
      versions,
      personal: [...definition.personal],
      rules: definition.rules.map(({ code, summary }) => ({ code, summary })),
      sla: definition.sla
        ? { within_seconds: definition.sla.withinSeconds, share: definition.sla.share }
        : null,
    };
  }

  #outside(): EventDefinition[] {
    return this.#parts.catalogue.definitions.filter(isOutside);
  }

  #find(eventType: string, reader: Reader): EventDefinition {
    const definition = this.#parts.catalogue.definition(eventType);
    if (!definition || (reader === 'anybody' && !isOutside(definition))) {
      // The name is not repeated: it may be of any size, and whether it exists is nobody's business.
      throw new errors.NotFoundError(
        'There is no such event; GET /schemas lists those that there are',
        {
          code: 'unknown_event_type',
        },
      );
    }
    return definition;
  }

  /** All versions of a definition, newest first. */
  async #versions(): Promise<(definition: EventDefinition) => string[]> {
    const rows = await listSchemas(this.#parts.db());
    const byType = new Map<string, SchemaRow[]>();
    for (const row of rows) byType.set(row.eventType, [...(byType.get(row.eventType) ?? []), row]);
    return ({ type, version }) =>
      newestFirst([version, ...(byType.get(type) ?? []).map((row) => row.version)]);
  }

  #addressOf(type: string, version: string): string {
    return `${this.#parts.routes}/schemas/${type}/${version}`;
  }
}

function isOutside({ audience }: EventDefinition): boolean {
  return audience !== 'internal';
}

function isVersion(text: string): boolean {
  return /^\d{1,9}\.\d{1,9}\.\d{1,9}$/.test(text);
}

function newestFirst(versions: string[]): string[] {
  return [...new Set(versions)].sort((a, b) => compareVersions(b, a));
}
