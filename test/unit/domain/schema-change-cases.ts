import { z } from 'zod';

export type Case = [what: string, before: z.ZodType, after: z.ZodType, text?: string];

const object = z.strictObject;
const show = object({ kind: z.literal('show'), title: z.string() });
const film = object({ kind: z.literal('film'), title: z.string() });
const filmWithLength = object({ kind: z.literal('film'), title: z.string(), minutes: z.int() });

const tree = (value: z.ZodType): z.ZodType => {
  const node: z.ZodType = object({
    value,
    get children() {
      return z.array(node);
    },
  });
  return node;
};

/** Nothing that a reader would notice. */
export const NONE: Case[] = [
  ['descriptions', object({ a: z.string() }), object({ a: z.string().describe('The a.') })],
  [
    'the order of properties',
    object({ a: z.string(), b: z.int() }),
    object({ b: z.int(), a: z.string() }),
  ],
  ['the order of values', object({ a: z.enum(['x', 'y']) }), object({ a: z.enum(['y', 'x']) })],
  ['the order of a union', z.union([z.string(), z.null()]), z.union([z.null(), z.string()])],
  [
    'whether other properties are refused',
    object({ a: z.string() }),
    z.looseObject({ a: z.string() }),
  ],
  [
    'defaults and examples',
    object({ a: z.int() }),
    object({ a: z.int().meta({ examples: [1], title: 'A' }) }),
  ],
];

/** An existing reader can read it. */
export const COMPATIBLE: Case[] = [
  ['an optional property added', object({}), object({ a: z.string().optional() }), 'a: was added'],
  ['a required property added', object({}), object({ a: z.string() }), 'a: was added'],
  [
    'an optional property that is now required',
    object({ a: z.int().optional() }),
    object({ a: z.int() }),
    'a: is now always there',
  ],
  [
    'a value fewer',
    object({ a: z.enum(['x', 'y']) }),
    object({ a: z.enum(['x']) }),
    'a: is no longer "y"',
  ],
  [
    'text that is now one of some',
    object({ a: z.string() }),
    object({ a: z.enum(['x']) }),
    'a: is now one of "x"',
  ],
  [
    'null no more',
    object({ a: z.string().nullable() }),
    object({ a: z.string() }),
    'a: is no longer null',
  ],
  [
    'a number that is now whole',
    object({ a: z.number() }),
    object({ a: z.int() }),
    'a: is now a whole number',
  ],
  [
    'a longer shortest text',
    object({ a: z.string() }),
    object({ a: z.string().min(1) }),
    'a: has 1 characters at least now',
  ],
  [
    'a lower maximum',
    object({ a: z.number().max(5) }),
    object({ a: z.number().max(4) }),
    'a: maximum is 4 now (5 before)',
  ],
  [
    'a bound that is no longer reached',
    object({ a: z.number().min(0) }),
    object({ a: z.number().positive() }),
    'a: minimum is above 0 now (0 before)',
  ],
  [
    'a pattern where there was none',
    object({ a: z.string() }),
    object({ a: z.string().regex(/^a/) }),
  ],
  [
    'anything that is now something',
    object({ a: z.unknown() }),
    object({ a: z.string() }),
    'a: is now text',
  ],
  [
    'fewer branches',
    z.discriminatedUnion('kind', [show, film]),
    z.discriminatedUnion('kind', [show]),
  ],
  [
    'a property added in a branch',
    z.discriminatedUnion('kind', [show, film]),
    z.discriminatedUnion('kind', [show, filmWithLength]),
    '(kind "film").minutes: was added',
  ],
  [
    'a property added in a list',
    object({ a: z.array(object({})) }),
    object({ a: z.array(object({ b: z.int() })) }),
    'a[].b: was added',
  ],
  [
    'a property added beside named ones that fits them',
    z.record(z.string(), z.int()),
    z.looseObject({ a: z.int() }).catchall(z.int()),
  ],
  [
    'a list of fewer',
    object({ a: z.array(z.string()).max(5) }),
    object({ a: z.array(z.string()).max(3) }),
  ],
  [
    'an intersection that gained a property',
    z.intersection(object({ a: z.string() }), object({ b: z.int() })),
    z.intersection(object({ a: z.string() }), object({ b: z.int(), c: z.int() })),
    'c: was added',
  ],
  [
    'what refers to itself, narrowed',
    tree(z.number()),
    tree(z.int()),
    'value: is now a whole number',
  ],
  [
    'an excluded value more',
    object({ a: z.string().meta({ not: { enum: ['x'] } }) }),
    object({ a: z.string().meta({ not: { enum: ['x', 'y'] } }) }),
  ],
];

/** An existing reader may fail. */
export const BREAKING: Case[] = [
  [
    'a property removed',
    object({ a: z.string(), b: z.int() }),
    object({ b: z.int() }),
    'a: was removed (breaking)',
  ],
  [
    'an optional property removed',
    object({ a: z.string().optional() }),
    object({}),
    'a: was removed (breaking)',
  ],
  [
    'a property no longer required',
    object({ a: z.int() }),
    object({ a: z.int().optional() }),
    'a: may now be left out (breaking)',
  ],
  [
    'another type',
    object({ a: z.string() }),
    object({ a: z.number() }),
    'a: was text, and is now a number (breaking)',
  ],
  ['a whole number that may be broken', object({ a: z.int() }), object({ a: z.number() })],
  [
    'null allowed',
    object({ a: z.string() }),
    object({ a: z.string().nullable() }),
    'a: may now be null (breaking)',
  ],
  [
    'a value more',
    object({ a: z.enum(['x']) }),
    object({ a: z.enum(['x', 'y']) }),
    'a: may now also be "y" (breaking)',
  ],
  [
    'a value more beside null',
    object({ a: z.enum(['x']).nullable() }),
    object({ a: z.enum(['x', 'y']).nullable() }),
    'a: may now also be "y" (breaking)',
  ],
  ['another constant', object({ a: z.literal('x') }), object({ a: z.literal('y') })],
  [
    'values that are no longer listed',
    object({ a: z.enum(['x']) }),
    object({ a: z.string() }),
    'a: may now be other than "x" (breaking)',
  ],
  [
    'a shorter shortest text',
    object({ a: z.string().min(2) }),
    object({ a: z.string().min(1) }),
    'a: has 1 characters at least now (2 before) (breaking)',
  ],
  [
    'a limit lifted',
    object({ a: z.string().max(5) }),
    object({ a: z.string() }),
    'a: is no longer limited to 5 characters at most (breaking)',
  ],
  ['a higher maximum', object({ a: z.number().max(5) }), object({ a: z.number().max(6) })],
  [
    'a bound that may now be reached',
    object({ a: z.number().positive() }),
    object({ a: z.number().min(0) }),
  ],
  ['another pattern', object({ a: z.string().regex(/^a/) }), object({ a: z.string().regex(/^b/) })],
  ['a format given up', object({ a: z.uuid() }), object({ a: z.string() })],
  ['something that may now be anything', object({ a: z.string() }), object({ a: z.unknown() })],
  [
    'a branch more',
    z.discriminatedUnion('kind', [show]),
    z.discriminatedUnion('kind', [show, film]),
    'payload: may now be an object (kind "film") (breaking)',
  ],
  [
    'a removal in a branch',
    z.discriminatedUnion('kind', [show, filmWithLength]),
    z.discriminatedUnion('kind', [show, film]),
    '(kind "film").minutes: was removed (breaking)',
  ],
  [
    'a removal in a list',
    object({ a: z.array(object({ b: z.int() })) }),
    object({ a: z.array(object({})) }),
    'a[].b: was removed (breaking)',
  ],
  ['a list where there was one', object({ a: z.string() }), object({ a: z.array(z.string()) })],
  [
    'a longer list',
    object({ a: z.array(z.string()).max(3) }),
    object({ a: z.array(z.string()).max(5) }),
  ],
  [
    'other values under free names',
    z.record(z.string(), z.int()),
    z.record(z.string(), z.string()),
  ],
  [
    'anything under free names',
    z.record(z.string(), z.int()),
    z.record(z.string(), z.unknown()),
    '*: may now be anything (breaking)',
  ],
  ['a name more', z.record(z.enum(['x']), z.int()), z.record(z.enum(['x', 'y']), z.int())],
  ['a tuple of other things', z.tuple([z.string(), z.int()]), z.tuple([z.string(), z.string()])],
  ['a tuple in another order', z.tuple([z.string(), z.int()]), z.tuple([z.int(), z.string()])],
  [
    'a removal in an intersection',
    z.intersection(object({ a: z.string() }), object({ b: z.int() })),
    z.intersection(object({ a: z.string() }), object({})),
  ],
  [
    'what refers to itself, widened',
    tree(z.int()),
    tree(z.number()),
    'value: was a whole number, and is now a number (breaking)',
  ],
  [
    'an excluded value fewer',
    object({ a: z.string().meta({ not: { enum: ['x', 'y'] } }) }),
    object({ a: z.string().meta({ not: { enum: ['x'] } }) }),
  ],
  [
    'a keyword that the rules do not know',
    object({ a: z.array(z.int()) }),
    object({ a: z.array(z.int()).meta({ unevaluatedItems: false }) }),
  ],
  [
    'a value that is now excluded no more',
    object({ a: z.string().meta({ not: { enum: ['x'] } }) }),
    object({ a: z.literal('x') }),
  ],
];
