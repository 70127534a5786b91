import type { ContentSchema, ContentTypeShape } from './content-type';
import type { CountedState, EventDefinition, EventSource, Populate } from './definition';
import { matchesType } from './matching';

/** A definition, and the one of its sources that a change belongs to. */
export interface SourcedDefinition {
  definition: EventDefinition;
  source: EventSource;
}

const MAX_TYPE_LENGTH = 200;
const OWN = 'own';

/** All event definitions of this installation. */
export class Catalogue {
  #byType: ReadonlyMap<string, EventDefinition>;
  #definitions: readonly EventDefinition[];
  readonly #byUid = new Map<string, SourcedDefinition[]>();
  readonly #groups: ReadonlyMap<string, string>;

  /** @throws Error naming the definition that is wrong: a type twice, or a content type that is not there. */
  constructor(
    definitions: EventDefinition[],
    schema: ContentSchema,
    groups: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#groups = groups;
    const types = new Set<string>();
    for (const definition of definitions) {
      if (types.has(definition.type)) {
        throw new Error(`Event definition "${definition.type}" is there twice`);
      }
      if (definition.type.length > MAX_TYPE_LENGTH) {
        throw new Error(
          `Event definition "${definition.type}": type is over ${MAX_TYPE_LENGTH} characters`,
        );
      }
      types.add(definition.type);
      this.#addSources(definition, schema);
    }
    this.#definitions = [...definitions].sort((a, b) => (a.type < b.type ? -1 : 1));
    this.#byType = byType(definitions);
  }

  /** By type. */
  get definitions(): readonly EventDefinition[] {
    return this.#definitions;
  }

  /** Gives those definitions their versions whose versions are counted by the registry. */
  number(versions: ReadonlyMap<string, string>): void {
    const numbered = (definition: EventDefinition): EventDefinition => {
      const version = versions.get(definition.type);
      return definition.automaticVersion && version ? { ...definition, version } : definition;
    };
    this.#definitions = this.#definitions.map(numbered);
    this.#byType = byType(this.#definitions);
    for (const [uid, list] of this.#byUid) {
      this.#byUid.set(
        uid,
        list.map(({ definition, source }) => ({
          definition: this.definition(definition.type) ?? definition,
          source,
        })),
      );
    }
  }

  /** Content types whose changes have to be looked at. */
  get uids(): string[] {
    return [...this.#byUid.keys()];
  }

  /** The definitions that look at a content type. */
  ofUid(uid: string): readonly SourcedDefinition[] {
    return this.#byUid.get(uid) ?? [];
  }

  /** The definitions that look at this state of such documents: a type without drafts has one state, which always counts. */
  lookingAt(
    { uid, draftAndPublish }: Pick<ContentTypeShape, 'uid' | 'draftAndPublish'>,
    status: CountedState,
  ): readonly SourcedDefinition[] {
    return this.ofUid(uid).filter(({ source }) => source.counts === status || !draftAndPublish);
  }

  /** Everything that these definitions want to have read of a content type. */
  populateOf(uid: string): Populate {
    return this.ofUid(uid).reduce<Populate>(
      (all, { source }) => mergePopulate(all, source.populate ?? {}),
      {},
    );
  }

  /** The preset that a definition comes from; `own` for those of the application itself. */
  groupOf(type: string): string {
    return this.#groups.get(type) ?? OWN;
  }

  definition(type: string): EventDefinition | undefined {
    return this.#byType.get(type);
  }

  /** Types that a pattern covers; empty means that it is a mistake. */
  covered(pattern: string): string[] {
    return this.definitions
      .map((definition) => definition.type)
      .filter((type) => matchesType(pattern, type));
  }

  #addSources(definition: EventDefinition, schema: ContentSchema): void {
    for (const source of definition.sources) {
      if (!schema.contentTypes[source.uid]) {
        throw new Error(
          `Event definition "${definition.type}": this application has no content type "${source.uid}"`,
        );
      }
      const list = this.#byUid.get(source.uid) ?? [];
      list.push({ definition, source });
      this.#byUid.set(source.uid, list);
    }
  }
}

function byType(definitions: readonly EventDefinition[]): Map<string, EventDefinition> {
  return new Map(definitions.map((definition) => [definition.type, definition]));
}

/** The union of two populates; the whole of a relation wins over some of its fields. */
function mergePopulate(one: Populate, other: Populate): Populate {
  const merged = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const known = merged[name];
    merged[name] = known === undefined ? value : mergeEntry(known, value);
  }
  return merged;
}

function mergeEntry(one: unknown, other: unknown): unknown {
  if (!isPopulate(one)) {
    return isPopulate(other) && 'populate' in other ? { populate: other['populate'] } : one;
  }
  if (!isPopulate(other)) {
    return mergeEntry(other, one);
  }
  const nested = mergePopulate(
    isPopulate(one['populate']) ? one['populate'] : {},
    isPopulate(other['populate']) ? other['populate'] : {},
  );
  const select = selectOf(one, other);
  return {
    ...one,
    ...other,
    ...(Object.keys(nested).length > 0 ? { populate: nested } : {}),
    ...(select ? { select } : { select: undefined }),
  };
}

/** Fields of both; undefined (all) when one of them asks for all. */
function selectOf(one: Populate, other: Populate): string[] | undefined {
  const [a, b]: unknown[] = [one['select'], other['select']];
  return Array.isArray(a) && Array.isArray(b) ? [...new Set(a.concat(b).map(String))] : undefined;
}

function isPopulate(value: unknown): value is Populate {
  return typeof value === 'object' && value !== null;
}
