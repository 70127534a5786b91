import { z } from 'zod';
import type {
  Attributes,
  AttributeShape,
  ContentSchema,
} from '../../../server/src/domain/content-type';
import { kindOf } from './values';
import { publicAttributes } from './entry';

/**
 * Zod schemas of entries, made from their attributes. Every attribute may be null or missing: drafts are unfinished, and a
 * row may be older than an attribute. An enumeration is any text, because rows keep values that were taken out of it.
 */
export class EntrySchemas {
  readonly #schema: ContentSchema;
  readonly #made = new Map<string, z.ZodType>();
  readonly #names = z.registry<{ id: string }>();
  /** What unions say of branches that are added later. */
  readonly #others = new Map<unknown, z.core.JSONSchema.BaseSchema>();

  constructor(schema: ContentSchema) {
    this.#schema = schema;
  }

  /** The payload of a generic event of some content types: told apart by `content_type`. */
  payload(uids: readonly string[]) {
    const branches = uids.map((uid) => {
      const entry = this.#entry(uid);
      return z.strictObject({
        content_type: z.literal(uid),
        // The attributes after the change; before it, where the entry is gone.
        entry,
        // Former values of the attributes that changed.
        previous: entry,
      });
    });
    return this.#union('content_type', branches, {
      content_type: z.string(),
      entry: z.record(z.string(), z.unknown()),
      previous: z.record(z.string(), z.unknown()),
    });
  }

  /** How these schemas are written as JSON Schema: each content type and component once, under a name. */
  get writing() {
    const others = this.#others;
    return {
      metadata: this.#names,
      override({ zodSchema, jsonSchema }: Written): void {
        const other = others.get(zodSchema);
        if (other) jsonSchema.oneOf?.push(other);
      },
    };
  }

  #entry(uid: string): z.ZodType {
    const attributes = this.#schema.contentTypes[uid]?.own ?? {};
    return this.#named(uid.replace('::', '.'), () => this.#attributes(attributes));
  }

  #component(uid: string): z.ZodType {
    return this.#named(uid, () => this.#attributes(this.#schema.components[uid]?.own ?? {}));
  }

  #block(uid: string): z.ZodObject {
    const shape = () => this.#shapeOf(this.#schema.components[uid]?.own ?? {});
    return this.#named(`block.${uid}`, () =>
      z.strictObject({ __component: z.literal(uid), ...shape() }),
    ) as z.ZodObject;
  }

  #named(id: string, make: () => z.ZodType): z.ZodType {
    const known = this.#made.get(id);
    if (known) return known;
    const made = make();
    this.#made.set(id, made);
    this.#names.add(made, { id });
    return made;
  }

  #attributes(attributes: Attributes): z.ZodObject {
    return z.strictObject(this.#shapeOf(attributes));
  }

  #shapeOf(attributes: Attributes): z.ZodRawShape {
    return Object.fromEntries(
      publicAttributes(attributes).map((name) => [
        name,
        this.#value(attributes[name] as AttributeShape),
      ]),
    );
  }

  #value(attribute: AttributeShape): z.ZodType {
    const { type, component = '', components = [] } = attribute;
    switch (type) {
      case 'relation':
        return anyNumber(related, numberOf(attribute));
      case 'media':
        return anyNumber(media, attribute.multiple ? 'many' : 'one');
      case 'component': {
        // Later, for the component may have itself inside.
        const inner = z.lazy(() => this.#component(component));
        return anyNumber(inner, attribute.repeatable ? 'many' : 'one');
      }
      case 'dynamiczone': {
        const blocks = z.lazy(() =>
          this.#union(
            '__component',
            components.map((uid) => this.#block(uid)),
            { __component: z.string() },
          ),
        );
        return anyNumber(blocks, 'many');
      }
      default:
        return scalar(attribute);
    }
  }

  /**
   * One of some branches. Readers are told that there can be others, of which nothing is said yet: so that they can read
   * events after a content type or a component has been added.
   */
  #union(
    name: string,
    branches: z.ZodObject[],
    other: z.ZodRawShape,
  ): z.ZodType<Record<string, unknown>> {
    const [first, ...rest] = branches;
    if (!first) return z.looseObject(other);
    const union = z.discriminatedUnion(name, [first, ...rest]);
    const known = branches.flatMap((branch) => [
      ...(branch.shape[name] as z.ZodLiteral<string>).values,
    ]);
    const described = z.toJSONSchema(z.looseObject(other));
    this.#others.set(union, {
      type: 'object',
      properties: {
        ...described.properties,
        [name]: { type: 'string', not: { enum: known } },
      },
      required: Object.keys(other),
    });
    return union;
  }
}

type Written = Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0];

const related = z.strictObject({ document_id: z.string().nullable() });

const media = z.strictObject({
  url: z.string().nullable(),
  name: z.string().nullable(),
  mime: z.string().nullable(),
  size: z.number().nullable().describe('Kilobytes.'),
  width: z.number().nullable(),
  height: z.number().nullable(),
  alternative_text: z.string().nullable(),
});

/** One, a list, or either where a relation's kind is not known. */
function anyNumber(schema: z.ZodType, number: 'one' | 'many' | 'any'): z.ZodType {
  const list = z.array(schema);
  switch (number) {
    case 'one':
      return schema.nullable().optional();
    case 'many':
      return list.nullable().optional();
    case 'any':
      return z.union([list, schema]).nullable().optional();
  }
}

function numberOf({ relation }: AttributeShape): 'one' | 'many' | 'any' {
  if (relation === undefined) return 'any';
  if (/ToOne$/.test(relation) || relation === 'morphOne') return 'one';
  return /ToMany$/.test(relation) || relation === 'morphMany' ? 'many' : 'any';
}

function scalar(attribute: AttributeShape): z.ZodType {
  switch (kindOf(attribute.type)) {
    case 'text':
      return text(attribute).nullable().optional();
    case 'instant':
      return z.string().meta({ format: 'date-time' }).nullable().optional();
    case 'number':
      return z.number().nullable().optional();
    case 'whole':
      return z.int().nullable().optional();
    case 'boolean':
      return z.boolean().nullable().optional();
    case 'any':
      return z.unknown().optional();
  }
}

function text({ type, enum: values }: AttributeShape): z.ZodString {
  if (values && values.length > 0) return z.string().meta({ examples: [...values] });
  switch (type) {
    case 'date':
      return z.string().describe('A day: 2026-01-15.');
    case 'time':
      return z.string().describe('A time of day: 09:30:00.000.');
    case 'timestamp':
      return z.string().describe('Milliseconds since 1970.');
    case 'biginteger':
      return z.string().describe('A whole number of any size.');
    default:
      return z.string();
  }
}
