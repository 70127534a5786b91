import type { DocumentState } from '../../../server/src/domain/change';
import type {
  Attributes,
  AttributeShape,
  ContentSchema,
} from '../../../server/src/domain/content-type';
import type { Populate } from '../../../server/src/domain/definition';
import { kindOf, valueOfKind } from './values';
import { asRows } from '../mapping';

/** Components nested deeper than this are left out; Strapi's own admin stops at two. */
const MAX_DEPTH = 6;

/** Names of those attributes that may be shown: not private, not a password. */
export function publicAttributes(attributes: Attributes): string[] {
  return Object.entries(attributes)
    .filter(([, attribute]) => !attribute.private && attribute.type !== 'password')
    .map(([name]) => name);
}

/** What must be populated to read an entry whole: owned relations, media, components, dynamic zones. */
export function populateOf(schema: ContentSchema, attributes: Attributes, depth = 0): Populate {
  const populate: Populate = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.type === 'relation' && attribute.target) {
      populate[name] = { select: ['id', 'documentId'] };
    } else if (attribute.type === 'relation' || attribute.type === 'media') {
      populate[name] = true;
    } else if (attribute.type === 'component' && attribute.component && depth < MAX_DEPTH) {
      populate[name] = { populate: componentPopulate(schema, attribute.component, depth) };
    } else if (attribute.type === 'dynamiczone' && depth < MAX_DEPTH) {
      const on = (attribute.components ?? []).map((uid) => [
        uid,
        { populate: componentPopulate(schema, uid, depth) },
      ]);
      populate[name] = { on: Object.fromEntries(on) as Populate };
    }
  }
  return populate;
}

function componentPopulate(schema: ContentSchema, uid: string, depth: number): Populate {
  return populateOf(schema, schema.components[uid]?.own ?? {}, depth + 1);
}

/** An entry as it is shown outside: no private attributes, relations by documentId, media by address. */
export function entryOf(
  schema: ContentSchema,
  state: DocumentState,
  attributes: Attributes,
): Record<string, unknown> {
  const entry: Record<string, unknown> = {};
  for (const name of publicAttributes(attributes)) {
    const attribute = attributes[name];
    if (attribute && state[name] !== undefined) {
      entry[name] = valueOf(schema, state[name], attribute);
    }
  }
  return entry;
}

function valueOf(schema: ContentSchema, value: unknown, attribute: AttributeShape): unknown {
  switch (attribute.type) {
    case 'relation':
      return shownAs(value, (row) => ({
        document_id: valueOfKind('text', row['documentId']),
      }));
    case 'media':
      return shownAs(value, mediaOf);
    case 'component': {
      const fields = schema.components[attribute.component ?? '']?.own ?? {};
      return shownAs(value, (row) => entryOf(schema, row, fields));
    }
    case 'dynamiczone':
      return shownAs(blocksOf(value, attribute), (row) => {
        const uid = String(row['__component']);
        const fields = schema.components[uid]?.own ?? {};
        return { __component: uid, ...entryOf(schema, row, fields) };
      });
    default:
      return valueOfKind(kindOf(attribute.type), value);
  }
}

function shownAs(value: unknown, show: (row: DocumentState) => unknown): unknown {
  if (Array.isArray(value)) {
    return asRows(value).map(show);
  }
  const [row] = asRows(value);
  return row ? show(row) : null;
}

/** A dynamic zone's rows; those of a component that was taken out of it are left out. */
function blocksOf(value: unknown, { components = [] }: AttributeShape): unknown {
  return Array.isArray(value)
    ? asRows(value).filter((row) => components.includes(String(row['__component'])))
    : value;
}

function mediaOf(row: DocumentState): Record<string, unknown> {
  return {
    url: valueOfKind('text', row['url']),
    name: valueOfKind('text', row['name']),
    mime: valueOfKind('text', row['mime']),
    size: valueOfKind('number', row['size']),
    width: valueOfKind('number', row['width']),
    height: valueOfKind('number', row['height']),
    alternative_text: valueOfKind('text', row['alternativeText']),
  };
}
