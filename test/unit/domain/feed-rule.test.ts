import { describe, expect, it } from 'vitest';
import { compileFeedRule } from '../../../server/src/domain/feed-rule';
import type { FeedRuleSettings } from '../../../server/src/domain/feed-rule';
import { compilePartnerRule } from '../../../server/src/domain/partner-rule';
import type { PartnerRights } from '../../../server/src/domain/partner-rule';
import { matchesType } from '../../../server/src/domain/matching';

const nothing = { territories: [], genres: [], content_types: [] };
const settings: FeedRuleSettings = {
  event_types: ['content.*', 'entry.created'],
  filter: { subject_types: [], locales: [], changed: [], scope: nothing, condition: null },
};
const rights: PartnerRights = { clearance: 'partner', ...nothing, territories: ['GB', 'DE'] };

type Audiences = Record<string, 'public' | 'partner' | 'internal'>;
const audiences: Audiences = {
  'content.ready': 'partner',
  'content.secret': 'internal',
  'entry.created': 'public',
  'other.thing': 'partner',
};

function catalogueOf(known: Audiences) {
  return {
    definition: (type: string) => {
      const audience = known[type];
      return audience ? { audience, personal: [] } : undefined;
    },
    covered: (pattern: string) => Object.keys(known).filter((type) => matchesType(pattern, type)),
  };
}

function ruleOf(input: {
  settings?: FeedRuleSettings;
  rights?: PartnerRights | null;
  audiences?: Audiences;
  partner?: string;
}) {
  const catalogue = catalogueOf(input.audiences ?? audiences);
  const own = input.rights === undefined ? rights : input.rights;
  const reader = own && {
    rights: own,
    rule: compilePartnerRule(
      { id: input.partner ?? 'fjord', rights: own, pseudonymKey: Buffer.alloc(32) },
      catalogue.definition,
    ),
  };
  return compileFeedRule(input.settings ?? settings, reader, catalogue);
}

const event = (eventType: string) => ({
  eventType,
  subjectType: 'api::title.title',
  locale: null,
  changed: [],
  scope: null,
  items: null,
});

describe("A feed's rule", () => {
  it('is one for partners with the same rights, in whatever order they were written', () => {
    const turned = { ...rights, territories: ['DE', 'GB'] };
    expect(ruleOf({ partner: 'nova', rights: turned }).digest).toBe(ruleOf({}).digest);
  });

  it.each([
    ['other rights', { rights: { ...rights, territories: ['GB'] } }],
    ['another clearance', { rights: { ...rights, clearance: 'public' as const } }],
    ['a reader of our own', { rights: null }],
    ['other types', { settings: { ...settings, event_types: ['content.*'] } }],
    [
      'a condition',
      { settings: { ...settings, filter: { ...settings.filter, condition: 'true' } } },
    ],
    [
      'a type that was opened',
      { audiences: { ...audiences, 'content.secret': 'partner' as const } },
    ],
    ['a new type', { audiences: { ...audiences, 'content.new': 'partner' as const } }],
  ])('is another one for %s', (_, input) => {
    expect(ruleOf(input).digest).not.toBe(ruleOf({}).digest);
  });

  it('is the same whatever becomes of types that it does not cover', () => {
    const other: Audiences = { ...audiences, 'other.thing': 'internal' };
    expect(ruleOf({ audiences: other }).digest).toBe(ruleOf({}).digest);
  });

  it('shows a partner what it may have, and one of our own what the catalogue knows', () => {
    const types = [
      'content.ready',
      'content.secret',
      'content.gone',
      'entry.created',
      'other.thing',
    ];
    const shown = (rule: ReturnType<typeof ruleOf>) =>
      types.filter((type) => rule.shows(event(type)));
    expect(shown(ruleOf({}))).toEqual(['content.ready', 'entry.created']);
    expect(shown(ruleOf({ rights: null }))).toEqual([
      'content.ready',
      'content.secret',
      'entry.created',
    ]);
  });
});
