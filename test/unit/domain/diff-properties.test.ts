import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  changedAttributes,
  changeToken,
  normaliseState,
  type AttributeMap,
} from '../../../server/src/domain/diff';
import { components } from './diff-cases';

/** Values as each of the databases gives them: an attribute kind, and what may stand in it. */
const documentId = fc.constantFrom('a', 'b', 'c', 'd');
const related = fc.record({ id: fc.nat(9), documentId });
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const instant = fc.integer({ min: 0, max: 4e12 }).chain((ms) => {
  const date = new Date(ms);
  return fc.constantFrom<unknown>(date, date.toISOString(), ms, String(ms));
});
const component = fc.record({
  id: fc.nat(99),
  codec: nullable(fc.string({ maxLength: 5 })),
  bitrate: nullable(fc.oneof(fc.nat(), fc.nat().map(String))),
  file: nullable(related),
  checks: fc.array(
    fc.record({ id: fc.nat(99), name: fc.string({ maxLength: 3 }), passed: fc.boolean() }),
    {
      maxLength: 3,
    },
  ),
});
const zoneItem = fc.oneof(
  fc.record({
    __component: fc.constant('page.quote'),
    id: fc.nat(9),
    text: fc.string({ maxLength: 5 }),
  }),
  fc.record({
    __component: fc.constant('page.shows'),
    id: fc.nat(9),
    shows: fc.array(related, { maxLength: 3 }),
  }),
);

const KINDS: Record<string, { attribute: AttributeMap[string]; value: fc.Arbitrary<unknown> }> = {
  string: { attribute: { type: 'string' }, value: nullable(fc.string()) },
  number: { attribute: { type: 'integer' }, value: nullable(fc.integer()) },
  decimal: {
    attribute: { type: 'decimal' },
    value: nullable(fc.constantFrom<unknown>(1.5, '1.50', 2, '2.0', -1)),
  },
  boolean: { attribute: { type: 'boolean' }, value: nullable(fc.boolean()) },
  json: { attribute: { type: 'json' }, value: fc.jsonValue() },
  datetime: { attribute: { type: 'datetime' }, value: nullable(instant) },
  toOne: { attribute: { type: 'relation' }, value: nullable(related) },
  toMany: { attribute: { type: 'relation' }, value: fc.array(related, { maxLength: 4 }) },
  gallery: { attribute: { type: 'media' }, value: fc.array(related, { maxLength: 4 }) },
  component: {
    attribute: { type: 'component', component: 'media.rendition' },
    value: nullable(component),
  },
  list: {
    attribute: { type: 'component', component: 'media.rendition' },
    value: fc.array(component, { maxLength: 3 }),
  },
  zone: { attribute: { type: 'dynamiczone' }, value: fc.array(zoneItem, { maxLength: 3 }) },
};
const attributes: AttributeMap = Object.fromEntries(
  Object.entries(KINDS).map(([name, { attribute }]) => [name, attribute]),
);
const values = Object.fromEntries(Object.entries(KINDS).map(([name, { value }]) => [name, value]));

/** A state, and an edit of some of its attributes. */
const edit = fc
  .tuple(fc.record(values), fc.record(values, { requiredKeys: [] }))
  .map(([before, changes]) => ({ before, after: { ...before, ...changes } }));

const normal = (state: Record<string, unknown>) => normaliseState(state, attributes, components);

it('Putting what changed into the state before gives the state after', () => {
  fc.assert(
    fc.property(edit, ({ before, after }) => {
      const changed = changedAttributes(before, after, attributes, components);
      const patched = {
        ...before,
        ...Object.fromEntries(changed.map((name) => [name, after[name]])),
      };
      expect(normal(patched)).toEqual(normal(after));
    }),
    { numRuns: 1_000 },
  );
});

it('Nothing that is left out of what changed is missing: each name makes a difference by itself', () => {
  fc.assert(
    fc.property(edit, ({ before, after }) => {
      for (const name of changedAttributes(before, after, attributes, components)) {
        expect(normal({ ...before, [name]: after[name] })).not.toEqual(normal(before));
      }
    }),
    { numRuns: 500 },
  );
});

it('Equal change tokens mean that nothing changed, and the other way round', () => {
  fc.assert(
    fc.property(edit, ({ before, after }) => {
      const same = changeToken(normal(before)) === changeToken(normal(after));
      expect(same).toBe(changedAttributes(before, after, attributes, components).length === 0);
    }),
    { numRuns: 1_000 },
  );
});
