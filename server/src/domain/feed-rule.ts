import { createHash } from 'node:crypto';
import { compileRule } from './matching';
import type { EventFacts, EventFilter } from './matching';
import { NOTHING_ALLOWED } from './partner-rule';
import type { PartnerRights, PartnerRule } from './partner-rule';

/** Which events a feed shows. */
export interface FeedRuleSettings {
  event_types: readonly string[];
  filter: EventFilter & { condition: string | null };
}

/** Who reads. Null: one of our own, who may have whatever the catalogue knows. */
export type FeedRuleReader = { rights: PartnerRights; rule: PartnerRule } | null;

/** What a feed shows to a reader: which events, before its condition. */
export interface FeedRule {
  /** Equal for rules that show the same. SHA-256, hex. */
  digest: string;
  /** JSONata that an event must fulfil, too. */
  condition: string | null;
  shows(event: EventFacts): boolean;
}

/** What the catalogue has to say of an event type. */
export interface FeedRuleCatalogue {
  definition(type: string): { audience: string; fromPartners?: true } | undefined;
  covered(pattern: string): string[];
}

/**
 * Prepares what a feed shows to a reader. The audiences of the types that it covers are a part of it: a type that is opened
 * or closed to those outside makes another rule, and nothing is left of what was found by the one before.
 */
export function compileFeedRule(
  { event_types, filter }: FeedRuleSettings,
  reader: FeedRuleReader,
  catalogue: FeedRuleCatalogue,
): FeedRule {
  const matches = compileRule({ event_types, filter }, reader?.rule.inScope);
  const mayHave = reader
    ? (type: string) => reader.rule.mayHave(type)
    : (type: string) => catalogue.definition(type) !== undefined;
  return {
    digest: digestOf({ event_types, filter }, reader, catalogue),
    condition: filter.condition,
    shows: (event) => mayHave(event.eventType) && matches(event),
  };
}

function digestOf(
  { event_types, filter }: FeedRuleSettings,
  reader: FeedRuleReader,
  catalogue: FeedRuleCatalogue,
): string {
  const { subject_types, locales, changed, scope, condition } = filter;
  const covered = [...new Set(event_types.flatMap((pattern) => catalogue.covered(pattern)))].sort();
  const audiences = covered.map((type) => [type, catalogue.definition(type)?.audience]);
  // Of what partners tell, two with equal rights are shown different events.
  const own = covered.some((type) => catalogue.definition(type)?.fromPartners);
  const told = JSON.stringify([
    sorted(event_types),
    ...[subject_types, locales, changed].map(sorted),
    scopeOf(scope),
    condition,
    rightsOf(reader, own === true),
    audiences,
  ]);
  return createHash('sha256').update(told).digest('hex');
}

/** Who may have nothing, whatever its rights say, must not share what is found for those who have the same rights. */
function rightsOf(reader: FeedRuleReader, own: boolean): unknown {
  if (reader === null) return null;
  if (reader.rule.key === NOTHING_ALLOWED.key) return NOTHING_ALLOWED.key;
  return [reader.rights.clearance, scopeOf(reader.rights), ...(own ? [reader.rule.key] : [])];
}

function scopeOf({ territories, genres, content_types }: EventFilter['scope']) {
  return [territories, genres, content_types].map(sorted);
}

function sorted(words: readonly string[]): string[] {
  return [...words].sort();
}
