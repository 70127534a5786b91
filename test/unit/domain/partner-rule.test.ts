import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../server/src/domain/matching';
import { compilePartnerRule } from '../../../server/src/domain/partner-rule';
import type { PartnerRights, TypeRights } from '../../../server/src/domain/partner-rule';

const TYPES: Record<string, TypeRights> = {
  'content.ready': { audience: 'public', personal: [] },
  'license.offer': { audience: 'partner', personal: ['primary_contact'] },
  'contract.signatory_changed': { audience: 'internal', personal: ['name'] },
};

const ruleOf = (rights: Partial<PartnerRights> = {}) =>
  compilePartnerRule(
    {
      id: 'p1',
      rights: { clearance: 'partner', territories: [], genres: [], content_types: [], ...rights },
      pseudonymKey: Buffer.alloc(32, 1),
    },
    (type) => TYPES[type],
  );

const scopeOf = (territories: string[] | null, genres: string[] | null = null) => ({
  territories,
  genres,
  content_types: null,
});

describe("A partner's rule", () => {
  it.each([
    ['public', ['content.ready']],
    ['partner', ['content.ready', 'license.offer']],
    ['internal', ['content.ready', 'license.offer', 'contract.signatory_changed']],
  ] as const)('with clearance %s allows %j', (clearance, allowed) => {
    const rule = ruleOf({ clearance });
    expect(Object.keys(TYPES).filter((type) => rule.mayHave(type))).toEqual(allowed);
  });

  it('allows no type that the catalogue does not know', () => {
    expect(ruleOf({ clearance: 'internal' }).mayHave('content.gone')).toBe(false);
  });

  it('allows what is in scope in every dimension', () => {
    const rule = ruleOf({ territories: ['GB', 'IE'], genres: ['drama'] });
    expect(rule.inScope(scopeOf(['ie'], ['drama']))).toBe(true);
    expect(rule.inScope(scopeOf(['IE'], ['news']))).toBe(false);
    expect(rule.inScope(scopeOf(['DE']))).toBe(false);
    expect(rule.inScope(scopeOf([]))).toBe(false);
    expect(rule.inScope(null)).toBe(true);
  });

  it('allows what the partner itself has told, and nothing that another one has', () => {
    const told = (partner: string) => ({ ...scopeOf(null), partner });
    expect(ruleOf().inScope(told('p1'))).toBe(true);
    expect(ruleOf().inScope(told('p2'))).toBe(false);
    expect(ruleOf({ clearance: 'internal', territories: ['GB'] }).inScope(told('p2'))).toBe(false);
  });

  it('is a second filter beside the one of a subscription: an item must pass both', () => {
    const filter = { territories: ['DE', 'GB'], genres: [], content_types: [] };
    const wants = compileRule(
      {
        event_types: ['*'],
        filter: { subject_types: [], locales: [], changed: [], scope: filter },
      },
      ruleOf({ territories: ['GB', 'FR'] }).inScope,
    );
    const facts = {
      eventType: 'slate.announce',
      subjectType: 'api::slate.slate',
      locale: null,
      changed: [],
      scope: null,
    };
    const itemsOf = (...lists: string[][]) => ({
      list: 'titles',
      scopes: lists.map((list) => scopeOf(list)),
    });
    expect(wants({ ...facts, items: itemsOf(['GB']) })).toBe(true);
    expect(wants({ ...facts, items: itemsOf(['DE'], ['FR']) })).toBe(false);
  });
});
