/** What an event says has changed, as one sentence. */
import type { ShownEvent } from './item';
import { cut, plain } from './item';
import { labelOf } from './words';

/** How many differences are told; the rest is counted. */
const MAX_DIFFERENCES = 5;

/** Characters of one value. */
const VALUE_LENGTH = 120;

const PREVIOUS = 'previous_';
const NEW = 'new_';

interface Difference {
  name: string;
  before: unknown;
  after: unknown;
}

type Members = Record<string, unknown>;

/**
 * `Title: Executive Director → VP, Scripted.`, from `previous_title` beside `new_title` or `title`, or from `previous` beside
 * the same names; or, where a payload has no such pairs, which attributes have changed. Null where it tells neither.
 */
export function changeSentence(event: ShownEvent): string | null {
  const { changed } = event;
  const differences = isMembers(event.payload) ? differencesOf(event.payload) : [];
  if (differences.length > 0) return sentence(differences);
  const names = Array.isArray(changed) ? changed.filter((name) => typeof name === 'string') : [];
  if (names.length === 0) return null;
  return `Changed: ${listed(names.map((name) => labelOf(plain(name)).toLowerCase()))}.`;
}

function differencesOf(payload: Members): Difference[] {
  return [...pairsOf(payload), ...previousOf(payload)].filter(
    ({ before, after }) => JSON.stringify(before) !== JSON.stringify(after),
  );
}

function pairsOf(payload: Members): Difference[] {
  return Object.keys(payload)
    .filter((key) => key.startsWith(PREVIOUS))
    .map((key) => key.slice(PREVIOUS.length))
    .filter((name) => has(payload, NEW + name) || has(payload, name))
    .map((name) => ({
      name,
      before: payload[PREVIOUS + name],
      after: has(payload, NEW + name) ? payload[NEW + name] : payload[name],
    }));
}

/** The state before as a whole, beside the state after: in the payload itself, or as its `entry`. */
function previousOf(payload: Members): Difference[] {
  const { previous, entry } = payload;
  if (!isMembers(previous)) return [];
  const now = isMembers(entry) ? entry : payload;
  return Object.keys(previous)
    .filter((name) => has(now, name))
    .map((name) => ({ name, before: previous[name], after: now[name] }));
}

function sentence(differences: readonly Difference[]): string {
  return `${listed(differences.map(told), '; ')}.`;
}

function told({ name, before, after }: Difference): string {
  const [from, to] = [valueText(before), valueText(after)];
  const label = labelOf(plain(name));
  return from === null || to === null ? `${label} changed` : `${label}: ${from} → ${to}`;
}

/** Null for what has no short text. */
function valueText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return cut(plain(value), VALUE_LENGTH);
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value) || value.some((item) => typeof item === 'object')) return null;
  return value.length === 0 ? 'none' : cut(plain(value.map(String).join(', ')), VALUE_LENGTH);
}

function listed(parts: readonly string[], between = ', '): string {
  const more = parts.length - MAX_DIFFERENCES;
  const shown = parts.slice(0, MAX_DIFFERENCES).join(between);
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(members: Members, name: string): boolean {
  return Object.hasOwn(members, name);
}
