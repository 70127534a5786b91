import type { DocumentState } from '../../server/src/domain/change';
import type {
  AttributeShape,
  ContentSchema,
  ContentTypeShape,
} from '../../server/src/domain/content-type';
import type { Populate } from '../../server/src/domain/definition';
import { asRows, contentTypeOf } from './mapping';
import { flagIn, numberIn, textIn, wordsIn } from './values';

/** Reads something of a document's state. */
export type Reader<Value> = (state: DocumentState | null) => Value;

/** A path into a document: `title`, `license_terms.territories`, `title.show.genre`. */
type Path = string | undefined;

/** Whose attributes a step of a path is looked up in. */
interface Owner {
  uid: string;
  attributes: Record<string, AttributeShape>;
}

/** A relation or component on the way. */
interface Step {
  name: string;
  /** True where only published versions of the related documents are gone to. */
  published: boolean;
}

/** What has to be populated, by name. */
type Tree = Map<string, Tree>;

/** What every document has without its schema saying so. */
const ALWAYS_THERE = new Set(['id', 'documentId']);

/**
 * Makes readers of what a preset's options name: attributes of one content type, or paths through its relations and
 * components. Of a related type with draft and publish only published versions are read, so that no draft is named outside.
 *
 * Every method throws an Error naming the option, where its path does not fit the content types; an option that is left out
 * reads nothing.
 */
export class Paths {
  readonly #schema: ContentSchema;
  readonly #contentType: ContentTypeShape;
  readonly #tree: Tree = new Map();

  /** @param option what names the content type, e.g. `slate preset, offer.uid`. */
  constructor(schema: ContentSchema, option: string, uid: string) {
    this.#schema = schema;
    this.#contentType = contentTypeOf(schema, option, uid);
  }

  /** What has to be populated for the readers made so far. */
  get populate(): Populate {
    return populateOf(this.#tree);
  }

  text(option: string, path: Path): Reader<string | null> {
    const read = this.values(option, path);
    return (state) => {
      const [first] = read(state).flatMap((value) => textIn(value) ?? []);
      return first ?? null;
    };
  }

  /** Words from what an editor may have kept them in: a JSON list, text with commas, one per component or relation. */
  words(option: string, path: Path): Reader<string[]> {
    const read = this.values(option, path);
    return (state) => [...new Set(read(state).flatMap(wordsIn))];
  }

  number(option: string, path: Path): Reader<number | null> {
    const read = this.values(option, path);
    return (state) => numberIn(read(state)[0]);
  }

  flag(option: string, path: Path): Reader<boolean | null> {
    const read = this.values(option, path);
    return (state) => flagIn(read(state)[0]);
  }

  /** The values at a path's end, of every document and component that it leads to. */
  values(option: string, path: Path): Reader<unknown[]> {
    if (path === undefined) return () => [];
    const { steps, last } = this.#resolve(option, path);
    return (state) =>
      follow(state, steps).flatMap((row) => {
        const value = row[last.name];
        return value === null || value === undefined ? [] : [value];
      });
  }

  /** The components that a path leads to, or entries of a JSON list. */
  rows(option: string, path: Path): Reader<DocumentState[]> {
    if (path === undefined) return () => [];
    const { steps, last } = this.#resolve(option, path);
    if (!['component', 'json', 'customField'].includes(last.attribute?.type ?? '')) {
      throw new Error(`${option}: "${path}" must be a component or a JSON list`);
    }
    return (state) => follow(state, steps).flatMap((row) => asRows(row[last.name]));
  }

  /**
   * The documents that a relation leads to, each once: published versions, and where there is none, the draft, of which
   * nothing but its identity may be told (see {@link isPublished}).
   */
  related(option: string, path: Path): { uid: string; read: Reader<DocumentState[]> } | null {
    if (path === undefined) return null;
    const { steps, last } = this.#resolve(option, path);
    if (last.attribute?.type !== 'relation' || !last.attribute.target) {
      throw new Error(`${option}: "${path}" must be a relation`);
    }
    const uid = contentTypeOf(this.#schema, option, last.attribute.target).uid;
    return {
      uid,
      read: (state) => eachOnce(follow(state, steps).flatMap((row) => asRows(row[last.name]))),
    };
  }

  /** Has what other readers need populated below a path of this content type. */
  include(path: string, populate: Populate): void {
    const tree = path.split('.').reduce(childOf, this.#tree);
    addTo(tree, populate);
  }

  #resolve(
    option: string,
    path: string,
  ): { steps: Step[]; last: { name: string; attribute?: AttributeShape } } {
    const names = path.split('.');
    const steps: Step[] = [];
    let owner: Owner = this.#contentType;
    let tree = this.#tree;
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1;
      const attribute = attributeIn(owner, option, name);
      if (attribute && leadsOn(attribute)) tree = childOf(tree, name);
      if (isLast) return { steps, last: { name, ...(attribute ? { attribute } : {}) } };
      const next = attribute && this.#below(option, attribute);
      if (!next) {
        throw new Error(`${option}: "${path}": ${name} is neither a relation nor a component`);
      }
      steps.push({ name, published: 'draftAndPublish' in next && next.draftAndPublish === true });
      owner = next;
    }
    throw new Error(`${option}: a path has at least one step`);
  }

  #below(option: string, attribute: AttributeShape): Owner | ContentTypeShape | null {
    if (attribute.type === 'relation' && attribute.target) {
      return contentTypeOf(this.#schema, option, attribute.target);
    }
    const component = attribute.component && this.#schema.components[attribute.component];
    return component ? { uid: attribute.component ?? '', attributes: component.attributes } : null;
  }
}

/** False for a draft, of which only the identity may be told outside. Types without drafts are always published. */
export function isPublished(row: DocumentState): boolean {
  return row['publishedAt'] !== null;
}

function attributeIn(owner: Owner, option: string, name: string): AttributeShape | undefined {
  const attribute = Object.hasOwn(owner.attributes, name) ? owner.attributes[name] : undefined;
  if (!attribute && !ALWAYS_THERE.has(name)) {
    const known = Object.keys(owner.attributes).join(', ');
    throw new Error(`${option}: ${owner.uid} has no attribute "${name}" (it has ${known})`);
  }
  return attribute;
}

function leadsOn({ type }: AttributeShape): boolean {
  return type === 'relation' || type === 'component' || type === 'media';
}

function follow(state: DocumentState | null, steps: readonly Step[]): DocumentState[] {
  return steps.reduce<DocumentState[]>(
    (rows, { name, published }) =>
      rows.flatMap((row) => asRows(row[name])).filter((row) => !published || isPublished(row)),
    state ? [state] : [],
  );
}

/** Both versions of a document may be there: the published one counts. */
function eachOnce(rows: readonly DocumentState[]): DocumentState[] {
  const byDocument = new Map<unknown, DocumentState>();
  for (const row of rows) {
    const known = byDocument.get(row['documentId']);
    if (!known || !isPublished(known)) byDocument.set(row['documentId'], row);
  }
  return [...byDocument.values()];
}

function childOf(tree: Tree, name: string): Tree {
  const child = tree.get(name) ?? (new Map() as Tree);
  tree.set(name, child);
  return child;
}

function addTo(tree: Tree, populate: Populate): void {
  for (const [name, wanted] of Object.entries(populate)) {
    const child = childOf(tree, name);
    if (typeof wanted === 'object' && wanted !== null && 'populate' in wanted) {
      addTo(child, wanted.populate as Populate);
    }
  }
}

function populateOf(tree: Tree): Populate {
  return Object.fromEntries(
    [...tree].map(([name, below]) => [
      name,
      below.size > 0 ? { populate: populateOf(below) } : true,
    ]),
  );
}
