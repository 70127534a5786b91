import type { DocumentState } from '../../server/src/domain/change';
import type { ContentSchema, ContentTypeShape } from '../../server/src/domain/content-type';
import type { Populate } from '../../server/src/domain/definition';
import { populateFor, rowsReader, under, valuesReader } from './field-path';
import type { PopulateTree } from './field-path';
import { asRows, contentTypeOf } from './mapping';
import { flagIn, numberIn, textIn, wordsIn } from './values';

/** Reads something of a document's state. */
export type Reader<Value> = (state: DocumentState | null) => Value;

/** A path into a document: `title`, `license_terms.territories`, `title.show.genre`. */
type Path = string | undefined;

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
  readonly #trees: PopulateTree[] = [];

  /** @param option what names the content type, e.g. `slate preset, offer.uid`. */
  constructor(schema: ContentSchema, option: string, uid: string) {
    this.#schema = schema;
    this.#contentType = contentTypeOf(schema, option, uid);
  }

  /** What has to be populated for the readers made so far. */
  get populate(): Populate {
    return populateFor(this.#trees);
  }

  text(option: string, path: Path): Reader<string | null> {
    const read = this.#values(option, path);
    return (state) => {
      const [first] = read(state).flatMap((value) => textIn(value) ?? []);
      return first ?? null;
    };
  }

  /** Words from what an editor may have kept them in: a JSON list, text with commas, one per component or relation. */
  words(option: string, path: Path): Reader<string[]> {
    const read = this.#values(option, path);
    return (state) => [...new Set(read(state).flatMap(wordsIn))];
  }

  number(option: string, path: Path): Reader<number | null> {
    const read = this.#values(option, path);
    return (state) => numberIn(read(state)[0]);
  }

  flag(option: string, path: Path): Reader<boolean | null> {
    const read = this.#values(option, path);
    return (state) => flagIn(read(state)[0]);
  }

  /** Components, or the entries of a JSON list, with the named values in each. */
  rows(
    option: string,
    list: { list: string; fields: Readonly<Record<string, Path>> } | undefined,
  ): Reader<DocumentState[]> {
    if (list === undefined) return () => [];
    const [schema, shape] = [this.#schema, this.#contentType];
    const names = list.list.split('.');
    const last = names.pop() ?? '';
    const owner = rowsReader(schema, shape, `${option}.list`, names.join('.') || null);
    if (owner.shape.attributes[last]?.type === 'json') {
      const read = this.#values(`${option}.list`, list.list);
      return (state) => read(state).flatMap(asRows);
    }
    const entries = rowsReader(schema, shape, `${option}.list`, list.list);
    for (const [name, field] of Object.entries(list.fields)) {
      if (field !== undefined) valuesReader(schema, entries.shape, `${option}.${name}`, field);
    }
    this.#trees.push(entries.tree);
    return (state) => (state ? entries.rows(state, false) : []);
  }

  /**
   * The documents that a relation leads to, each once: published versions, and where there is none, the draft, of which
   * nothing but its identity may be told (see {@link isPublished}).
   */
  related(option: string, path: Path): { uid: string; read: Reader<DocumentState[]> } | null {
    if (path === undefined) return null;
    const related = rowsReader(this.#schema, this.#contentType, option, path);
    const { uid } = related.shape;
    if (!this.#schema.contentTypes[uid]) {
      throw new Error(`${option}: "${path}" must be a relation`);
    }
    this.#trees.push(related.tree);
    return { uid, read: (state) => (state ? eachOnce(related.rows(state, true)) : []) };
  }

  /** Has what other readers need populated below a relation of this content type. */
  include(path: string, below: Paths): void {
    const at = path.split('.').reduceRight<PopulateTree>((tree, name) => ({ [name]: tree }), {});
    this.#trees.push(...below.#trees.map((tree) => under(at, tree)));
  }

  #values(option: string, path: Path): Reader<unknown[]> {
    if (path === undefined) return () => [];
    const reader = valuesReader(this.#schema, this.#contentType, option, path);
    this.#trees.push(reader.tree);
    return (state) =>
      state
        ? reader.values(state, false).filter((value) => value !== null && value !== undefined)
        : [];
  }
}

/** False for a draft, of which only the identity may be told outside. Types without drafts are always published. */
export function isPublished(row: DocumentState): boolean {
  return row['publishedAt'] !== null;
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
