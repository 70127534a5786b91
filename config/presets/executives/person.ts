import { z } from 'zod';
import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { ChangeContext } from '../../../server/src/domain/definition';
import type { GivenScope } from '../../../server/src/domain/scope';
import type { SourceInput } from '../../event-input';
import type { PersonMapping } from './mapping';
import { territoriesOf } from './territories';
import { Paths, type Reader } from '../paths';

/** What the payloads of a person's events have in common. */
export const person = {
  executive_id: z.string().describe("id of the person's document"),
  name: z.string().min(1),
  effective_date: z.string().nullable().describe('as the editor wrote it'),
  scope: z
    .array(z.string())
    .describe('regions or genres that the person answers for, as the editor wrote them'),
  affected_shows: z
    .array(z.string())
    .describe('names of the published shows that the person commissions, e.g. their slugs'),
  links: z
    .strictObject({ profile: z.string().nullable(), contracts: z.string().nullable() })
    .describe('addresses of the full records'),
};

/** Where these payloads hold personal data; the addresses often have the name in them. */
export const PERSONAL = ['name', 'links.profile', 'links.contracts'] as const;

/** An example's person. */
export const LEE_MASON = {
  executive_id: 'a1b2c3d4e5f6g7h8i9j0k1l2',
  name: 'Lee Mason',
  effective_date: '2026-01-15',
  scope: ['EMEA'],
  affected_shows: ['rivals', 'harbour-lights'],
  links: {
    profile: 'https://cms.example/people/lee-mason',
    contracts: 'https://contracts.example/api/contracts?owner=lee-mason',
  },
};

/** Reads a person's record. */
export interface PersonReader {
  source: SourceInput;
  describe: (
    documentId: string,
    state: DocumentState | null,
  ) => z.input<z.ZodObject<typeof person>>;
  title: Reader<string | null>;
  role: Reader<string | null>;
  /** Whether the person may sign contracts. */
  signs: Reader<boolean>;
  /** Up to what sum the person may commit money. */
  budgetLimit: Reader<number | null>;
  isCommissioner: Reader<boolean>;
  /** For which territories an event counts, by the state after it (before, when the person is gone). */
  scope: ((change: ChangeContext) => GivenScope | null) | null;
}

/** @throws Error naming the option that does not fit the content types. */
export function personReader(schema: ContentSchema, mapping: PersonMapping): PersonReader {
  const option = (name: string) => `executives preset, person.${name}`;
  const { fields, commissionerRoles } = mapping;
  const paths = new Paths(schema, option('uid'), mapping.uid);
  const text = (field: keyof typeof fields) => paths.text(option(`fields.${field}`), fields[field]);
  const name = text('name');
  const title = text('title');
  const role = text('role');
  const scope = paths.words(option('fields.scope'), fields.scope);
  const effectiveDate = text('effectiveDate');
  const profile = text('profileUrl');
  const contracts = text('contractsUrl');
  const signs = paths.flag(option('fields.signingAuthority'), fields.signingAuthority);
  const budgetLimit = paths.number(option('fields.budgetLimit'), fields.budgetLimit);
  const shows = paths.words(option('shows'), mapping.shows);
  const { territories: given } = mapping;
  const territories = given ? paths.words(option('territories.field'), given.field) : null;
  return {
    source: { uid: mapping.uid, populate: paths.populate },
    describe: (documentId, state) => ({
      executive_id: documentId,
      name: name(state) ?? '',
      effective_date: effectiveDate(state),
      scope: scope(state),
      affected_shows: shows(state).sort(),
      links: { profile: profile(state), contracts: contracts(state) },
    }),
    title,
    role,
    signs: (state) => signs(state) ?? false,
    budgetLimit,
    isCommissioner: (state) =>
      state !== null && (!commissionerRoles || commissionerRoles.includes(role(state) ?? '')),
    scope: territories
      ? ({ before, after }) => ({
          territories: territoriesOf(territories(after ?? before), given?.regions),
        })
      : null,
  };
}
