import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { ChangeContext, EventDefinition } from '../../../server/src/domain/definition';
import type { ShownEvent } from '../../../server/src/domain/feed-item/item';
import type { GivenScope } from '../../../server/src/domain/scope';
import { defineEvent } from '../../define-event';
import type { SourceInput } from '../../event-input';
import { roleItem } from './feed-items';
import type { PersonMapping, RoleMapping, RolesMapping } from './mapping';
import { personReader } from './person';
import { territoriesOf } from './territories';
import { isPublished, Paths } from '../paths';
import { textIn } from '../values';

const facts = {
  role: z
    .string()
    .nullable()
    .describe('e.g. "Head of Drama", or commissioner; null when it has ended'),
  title: z
    .string()
    .nullable()
    .describe("job title of who holds it, where roles are kept in people's records"),
  scope: z.array(z.string()).describe('regions or genres, as the editor wrote them'),
  effective_date: z.string().nullable().describe('as the editor wrote it'),
  executive_id: z.string().nullable().describe('who holds the role, as far as it is known'),
  name: z.string().nullable(),
};

const payload = z.strictObject({
  role_id: z
    .string()
    .nullable()
    .describe("id of the role's own document; null where roles are kept in people's records"),
  ...facts,
  previous: z
    .strictObject(facts)
    .nullable()
    .describe('what it was before; null for a role that has come into being'),
});

type Facts = Omit<z.output<typeof payload>, 'role_id' | 'previous'>;

/** Where roles are kept, and how they are read. */
interface RoleReader {
  source: SourceInput;
  /** True where a role is an entry of its own. */
  ownEntry: boolean;
  /** For whom the role counts, where the mapping knows of territories. */
  scope: (change: ChangeContext) => GivenScope | null;
  /** Null where there is no role. */
  read: (state: DocumentState | null, documentId: string) => Facts | null;
}

const NO_ROLE: Facts = {
  role: null,
  title: null,
  scope: [],
  effective_date: null,
  executive_id: null,
  name: null,
};

const EXAMPLE: Facts = {
  role: 'Head of Drama',
  title: null,
  scope: ['Nordics'],
  effective_date: '2026-03-01',
  executive_id: 'd4e5f6g7h8i9j0k1l2m3n4o5',
  name: 'Ingrid Solberg',
};

/**
 * `executive_role.created` and `.updated`: of a content type of roles where there is one, or else of the roles that people's
 * records name. None, where neither is mapped.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function roleEvents(
  schema: ContentSchema,
  roles: RolesMapping | undefined,
  person: PersonMapping,
): EventDefinition[] {
  const reader =
    roles && 'uid' in roles
      ? entryReader(schema, roles, person)
      : recordReader(schema, person, roles?.ofPerson);
  if (!reader) return [];
  const before = (change: ChangeContext) => reader.read(change.before, change.documentId);
  const after = (change: ChangeContext) => reader.read(change.after, change.documentId);
  const common = {
    version: '1.0.0',
    audience: 'partner' as const,
    source: reader.source,
    payload,
    personal: ['name', 'previous.name'] as const,
    changelog: [{ version: '1.0.0', changes: ['First version.'] }],
    feedItem: (event: ShownEvent<z.output<typeof payload>>) => roleItem(event.payload),
    ...(person.territories ? { scope: reader.scope } : {}),
    build: (change: ChangeContext): z.input<typeof payload> => {
      const was = before(change);
      const ended = {
        ...NO_ROLE,
        executive_id: was?.executive_id ?? null,
        name: was?.name ?? null,
      };
      return {
        role_id: reader.ownEntry ? change.documentId : null,
        ...(after(change) ?? ended),
        previous: was,
      };
    },
  };
  return [
    defineEvent({
      ...common,
      type: 'executive_role.created',
      summary: 'An executive role has come into being.',
      examples: [{ role_id: 'r1o2l3e4', ...EXAMPLE, previous: null }],
      when: (change) => before(change) === null && after(change) !== null,
    }),
    defineEvent({
      ...common,
      type: 'executive_role.updated',
      summary: 'An executive role has changed, or has ended.',
      examples: [
        { role_id: 'r1o2l3e4', ...EXAMPLE, previous: { ...EXAMPLE, scope: ['Nordics', 'DACH'] } },
      ],
      when: (change) => {
        const was = before(change);
        return was !== null && !sameRole(was, after(change));
      },
    }),
  ];
}

/** A role is the same whatever the person who holds it is called. */
function sameRole(one: Facts, other: Facts | null): boolean {
  const named = (role: Facts | null) => JSON.stringify(role && { ...role, name: null });
  return named(one) === named(other);
}

function entryReader(schema: ContentSchema, roles: RoleMapping, person: PersonMapping): RoleReader {
  const option = (name: string) => `executives preset, roles.${name}`;
  const paths = new Paths(schema, option('uid'), roles.uid);
  const role = paths.text(option('fields.name'), roles.fields.name);
  const scope = paths.words(option('fields.scope'), roles.fields.scope);
  const effectiveDate = paths.text(option('fields.effectiveDate'), roles.fields.effectiveDate);
  const holder = paths.related(option('holder'), roles.holder);
  if (holder && holder.uid !== person.uid) {
    throw new Error(`${option('holder')}: "${roles.holder}" leads to ${holder.uid}, not to people`);
  }
  return {
    source: { uid: roles.uid, populate: paths.populate },
    ownEntry: true,
    scope: ({ before, after }) => ({
      territories: territoriesOf(scope(after ?? before), person.territories?.regions),
    }),
    read(state) {
      if (state === null) return null;
      const [executive] = holder?.read(state) ?? [];
      return {
        role: role(state),
        title: null,
        scope: scope(state),
        effective_date: effectiveDate(state),
        executive_id: textIn(executive?.['documentId']),
        name: executive && isPublished(executive) ? textIn(executive[person.fields.name]) : null,
      };
    },
  };
}

function recordReader(
  schema: ContentSchema,
  person: PersonMapping,
  counting: readonly string[] | undefined,
): RoleReader | null {
  if (person.fields.role === undefined) {
    if (!counting) return null;
    throw new Error('executives preset, roles.ofPerson: needs person.fields.role');
  }
  const reader = personReader(schema, person);
  const { source, describe, title, role } = reader;
  return {
    source,
    ownEntry: false,
    scope: reader.scope ?? (() => null),
    read(state, documentId) {
      const held = role(state);
      if (held === null || !(counting?.includes(held) ?? true)) return null;
      const { name, scope, effective_date } = describe(documentId, state);
      const executive = { executive_id: documentId, name };
      return { role: held, title: title(state), scope, effective_date, ...executive };
    },
  };
}
