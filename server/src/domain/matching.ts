import { hasItemInScope } from './items';
import type { InScope, ItemScopes } from './items';
import { compileScope } from './scope';
import type { EventScope, ScopeFilter } from './scope';

/** What a rule looks at of an event. */
export interface EventFacts {
  eventType: string;
  /** The content type's uid, or the kind of Newswire's own thing that the event is about. */
  subjectType: string;
  /** Null where the subject is not localised. */
  locale: string | null;
  /** Names of the attributes that changed. */
  changed: readonly string[];
  /** Null where the event says nothing of its scope. */
  scope: EventScope | null;
  /** Null where the event has no items with a scope of their own. */
  items: ItemScopes | null;
}

/** A subscription's filter (spec §7), but for its condition, which needs the whole event. An empty list restricts nothing. */
export interface EventFilter {
  subject_types: readonly string[];
  locales: readonly string[];
  changed: readonly string[];
  scope: ScopeFilter;
}

/** Which events a subscription or a feed wants. */
export interface MatchingRule {
  event_types: readonly string[];
  filter: EventFilter;
}

const WILDCARD = '*';

/**
 * Whether an event type fits a pattern. Patterns and types are segments joined by dots:
 *
 * - without `*`, the pattern is the type itself;
 * - `*` alone fits every type;
 * - a trailing `.*` stands for one or more further segments: `executive.*` fits `executive.commissioner.promoted`
 *   and not `executive`;
 * - `*` in any other place stands for exactly one segment: `*.created` fits `entry.created` alone.
 *
 * A `*` beside other characters of a segment (`exec*`) means itself. Takes time linear in the type's length.
 */
export function matchesType(pattern: string, type: string): boolean {
  return compilePattern(pattern)(type);
}

/** Prepares a list of patterns: whether an event type fits any of them. */
export function matchesAnyType(patterns: readonly string[]): (type: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes(WILDCARD)));
  const open = patterns.filter((pattern) => pattern.includes(WILDCARD)).map(compilePattern);
  return (type) => exact.has(type) || open.some((matches) => matches(type));
}

/**
 * Whether an event passes a filter: all of its lists that are not empty must pass.
 *
 * - `subject_types`, `locales`: the event's own value is listed. An event whose subject is not localised (locale
 *   null) passes every `locales` filter: what has no language is meant for the readers of all languages, and who
 *   wants one language only still needs, say, the rights of a show.
 * - `changed`: at least one listed attribute changed.
 * - `scope`: see {@link compileScope}; of an event with items, one of these must pass it too.
 */
export function matchesFilter(filter: EventFilter, facts: EventFacts): boolean {
  return compileFilter(filter, () => true)(facts);
}

/**
 * Prepares a rule once, so that matching an event costs look-ups and no parsing.
 *
 * @param allowed what the reader may have, whatever it wants; an item must pass both.
 */
export function compileRule(
  rule: MatchingRule,
  allowed: InScope = () => true,
): (facts: EventFacts) => boolean {
  const wanted = matchesAnyType(rule.event_types);
  const passes = compileFilter(rule.filter, allowed);
  return (facts) => wanted(facts.eventType) && passes(facts);
}

function compileFilter(filter: EventFilter, allowed: InScope): (facts: EventFacts) => boolean {
  const subjectTypes = new Set(filter.subject_types);
  const locales = new Set(filter.locales);
  const changed = new Set(filter.changed);
  const wanted = compileScope(filter.scope);
  const inScope: InScope = (scope) => wanted(scope) && allowed(scope);
  return (facts) =>
    (subjectTypes.size === 0 || subjectTypes.has(facts.subjectType)) &&
    (locales.size === 0 || facts.locale === null || locales.has(facts.locale)) &&
    (changed.size === 0 || facts.changed.some((name) => changed.has(name))) &&
    inScope(facts.scope) &&
    (facts.items === null || hasItemInScope(facts.items, inScope));
}

function compilePattern(pattern: string): (type: string) => boolean {
  const segments = pattern.split('.');
  const open = segments.at(-1) === WILDCARD;
  if (open) segments.pop();
  return (type) => {
    const actual = type.split('.');
    const longEnough = open ? actual.length > segments.length : actual.length === segments.length;
    return (
      longEnough && segments.every((segment, i) => segment === WILDCARD || segment === actual[i])
    );
  };
}
