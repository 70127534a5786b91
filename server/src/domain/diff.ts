import { createHash } from 'node:crypto';
import type { DocumentState } from './change';
import { isSystemAttribute } from './content-type';

/** An attribute as a Strapi schema has it: only what comparing needs. */
export interface AttributeSchema {
  type: string;
  /** Uid of the component, where `type` is `component`. */
  component?: string | undefined;
}

/** Attributes by name, as `schema.attributes` of a content type or component. */
export type AttributeMap = Readonly<Record<string, AttributeSchema>>;

/** Component schemas by uid, as `strapi.components`. One that is missing is compared by its shape. */
export type ComponentSchemas = Readonly<Record<string, { attributes: AttributeMap } | undefined>>;

/** A value that JSON can hold. In a normalised one keys are sorted and absent values are left out. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Names of the attributes that differ in meaning between two states, in the schema's order. A state that is
 * null (the document did not exist, or is gone) has no values. An attribute that neither state has a key for
 * was not read, and is not reported. Bookkeeping (ids, times, authors, locale) and passwords never are.
 *
 * Equal in meaning: null, undefined and an empty to-many or repeatable value; relations to the same documents
 * in any order; components with the same content whatever their ids; the same instant, the same decimal.
 */
export function changedAttributes(
  before: DocumentState | null,
  after: DocumentState | null,
  attributes: AttributeMap,
  components: ComponentSchemas = {},
): string[] {
  return contentAttributes(attributes)
    .filter(([name, attribute]) => {
      const was = before?.[name] ?? null;
      const is = after?.[name] ?? null;
      if (Object.is(was, is)) return false;
      const [from, to] = [was, is].map((value) =>
        JSON.stringify(normaliseValue(value, attribute, components)),
      );
      return from !== to;
    })
    .map(([name]) => name);
}

/**
 * A state as canonical JSON: two states that {@link changedAttributes} finds no difference between give the same
 * value. Relations and media are the documentIds they point to, absent values are left out, keys are sorted.
 */
export function normaliseState(
  state: DocumentState,
  attributes: AttributeMap,
  components: ComponentSchemas = {},
): Json {
  return normaliseRow(state, contentAttributes(attributes), components);
}

/** Characters of a change token: 132 bits, so that two states never share one by chance. */
const TOKEN_LENGTH = 22;

/**
 * The change token of a state that {@link normaliseState} made, or of any other JSON value: equal values ⇔ equal
 * tokens, whatever the order of their keys. Null stands for a document that is gone.
 */
export function changeToken(normalised: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(canonicalJson(normalised)))
    .digest('base64url')
    .slice(0, TOKEN_LENGTH);
}

type NamedAttribute = readonly [name: string, attribute: AttributeSchema];

/** What an editor writes. A password is no content: not even its digest's change is anyone's business. */
function contentAttributes(attributes: AttributeMap): NamedAttribute[] {
  return Object.entries(attributes).filter(
    ([name, { type }]) => !isSystemAttribute(name) && type !== 'password',
  );
}

function normaliseRow(
  row: Readonly<Record<string, unknown>>,
  attributes: readonly NamedAttribute[],
  components: ComponentSchemas,
): Json {
  return sortedObject(
    attributes
      .map(([name, attribute]) => [name, normaliseValue(row[name], attribute, components)] as const)
      .filter(([, value]) => value !== null),
  );
}

function normaliseValue(
  value: unknown,
  attribute: AttributeSchema,
  components: ComponentSchemas,
): Json {
  if (value === null || value === undefined) return null;
  switch (attribute.type) {
    case 'relation':
      return normaliseRelation(value);
    case 'media':
      // The order of a gallery is what readers see, so it counts.
      return normaliseList(value, identity);
    case 'component':
      return normaliseList(value, (item) =>
        normaliseComponent(item, attribute.component, components),
      );
    case 'dynamiczone':
      return normaliseList(value, (item) => {
        const uid =
          isRow(item) && typeof item['__component'] === 'string' ? item['__component'] : '';
        return [uid, normaliseComponent(item, uid, components)];
      });
    case 'biginteger':
    case 'decimal':
      return normaliseDecimal(value);
    case 'date':
      return normaliseInstant(value)?.slice(0, 'YYYY-MM-DD'.length) ?? canonicalJson(value);
    case 'datetime':
    case 'timestamp':
      return normaliseInstant(value) ?? canonicalJson(value);
    case 'time':
      // SQLite gives 14:32:00.000 where PostgreSQL gives 14:32:00.
      return typeof value === 'string' ? value.replace(/\.0+$/, '') : canonicalJson(value);
    default:
      return canonicalJson(value);
  }
}

function normaliseList(value: unknown, normaliseItem: (item: unknown) => Json): Json {
  if (!Array.isArray(value)) return normaliseItem(value);
  return value.length === 0 ? null : value.map(normaliseItem);
}

/** The targets as a sorted set: a document that is there as draft and as published row counts once. */
function normaliseRelation(value: unknown): Json {
  if (!Array.isArray(value)) return identity(value);
  return value.length === 0 ? null : [...new Set(value.map(identity))].sort();
}

/** Names a related document or file; a target of a polymorphic relation with its type. */
function identity(target: unknown): string {
  if (!isRow(target)) return String(target);
  const id = target['documentId'] ?? target['id'];
  if (typeof id !== 'string' && typeof id !== 'number')
    return JSON.stringify(canonicalJson(target));
  const type = target['__type'];
  return typeof type === 'string' ? `${type}:${id}` : String(id);
}

function normaliseComponent(
  value: unknown,
  uid: string | undefined,
  components: ComponentSchemas,
): Json {
  if (!isRow(value)) return canonicalJson(value);
  const schema = uid === undefined ? undefined : components[uid];
  if (schema === undefined) return normaliseByShape(value);
  return normaliseRow(value, Object.entries(schema.attributes), components);
}

/** A component whose schema is not known: ids go, and what has a documentId is taken for a relation. */
function normaliseByShape(value: unknown): Json {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  if (Array.isArray(value)) return value.map(normaliseByShape);
  if (!isRow(value) || value instanceof Date) return canonicalJson(value);
  if (typeof value['documentId'] === 'string') return identity(value);
  return sortedObject(
    Object.entries(value)
      .filter(([name]) => name !== 'id' && name !== '__component')
      .map(([name, item]) => [name, normaliseByShape(item)] as const)
      .filter(([, item]) => item !== null),
  );
}

/** A number or numeric text without leading, trailing or exponential zeros: 1.50, "1.5" and "15e-1" are one. */
function normaliseDecimal(value: unknown): Json {
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i.exec(String(value));
  if (parts === null || !/\d/.test(`${parts[2]}${parts[3]}`)) return canonicalJson(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = `${whole}${fraction}`;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(at).replace(/0+$/, '');
  const magnitude = rest === '' ? integer : `${integer}.${rest}`;
  return sign === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

/** The instant as ISO 8601 in UTC, from a Date, ISO text, or milliseconds since 1970 as number or text. */
function normaliseInstant(value: unknown): string | null {
  if (!(value instanceof Date) && typeof value !== 'string' && typeof value !== 'number')
    return null;
  const source = typeof value === 'string' && /^-?\d{5,}$/.test(value) ? Number(value) : value;
  const instant = new Date(source);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

/** What JSON.stringify would keep of a value, with sorted keys at every depth. */
function canonicalJson(value: unknown): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'bigint':
      return value.toString();
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(canonicalJson);
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
      return sortedObject(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, canonicalJson(item)] as const),
      );
    }
    default:
      return null;
  }
}

/** Object.fromEntries defines keys, so that a `__proto__` in someone's JSON stays a plain key. */
function sortedObject(entries: readonly (readonly [string, Json])[]): { [key: string]: Json } {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
