import { describe, expect, it } from 'vitest';
import { compileFeedRule } from '../../../server/src/domain/feed-rule';
import { compilePartnerRule } from '../../../server/src/domain/partner-rule';

const TYPES: Record<string, { audience: 'partner'; personal: []; fromPartners?: true }> = {
  'content.ready': { audience: 'partner', personal: [] },
  'content.ingested': { audience: 'partner', personal: [], fromPartners: true },
};
const catalogue = {
  definition: (type: string) => TYPES[type],
  covered: (pattern: string) => (pattern === '*' ? Object.keys(TYPES) : [pattern]),
};

const rights = {
  clearance: 'partner' as const,
  territories: [],
  genres: [],
  content_types: [],
};

function ruleFor(partnerId: string, eventType: string) {
  const rule = compilePartnerRule(
    { id: partnerId, rights, pseudonymKey: Buffer.alloc(32, 1) },
    (type) => TYPES[type],
  );
  const scope = { territories: [], genres: [], content_types: [] };
  const filter = { subject_types: [], locales: [], changed: [], scope, condition: null };
  return compileFeedRule({ event_types: [eventType], filter }, { rights, rule }, catalogue);
}

describe('The rule of a feed', () => {
  it('is one for partners with equal rights, so that what is prepared serves them all', () => {
    expect(ruleFor('p1', 'content.ready').digest).toBe(ruleFor('p2', 'content.ready').digest);
  });

  it.each(['content.ingested', '*'])(
    'is one for each partner where it covers what partners tell: %s',
    (eventType) => {
      expect(ruleFor('p1', eventType).digest).not.toBe(ruleFor('p2', eventType).digest);
      expect(ruleFor('p1', eventType).digest).toBe(ruleFor('p1', eventType).digest);
    },
  );

  it('shows what the partner has told, and nothing that another one has', () => {
    const facts = {
      eventType: 'content.ingested',
      subjectType: 'api::title.title',
      locale: null,
      changed: [],
      items: null,
    };
    const told = (partner: string) => ({
      ...facts,
      scope: { territories: null, genres: null, content_types: null, partner },
    });
    expect(ruleFor('p1', '*').shows(told('p1'))).toBe(true);
    expect(ruleFor('p1', '*').shows(told('p2'))).toBe(false);
  });
});
