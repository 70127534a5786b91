import { createHmac } from 'node:crypto';

/** Whom a partner is to us; how much of the log it may see (spec §7), and what of persons. */
export type Clearance = 'public' | 'partner' | 'internal';

/**
 * What stands in place of a value that is personal data; undefined: nothing, the value is left out. A value that stands
 * beneath the path given in a definition (the members of an object) is treated as one.
 */
export type Treat = (value: unknown) => unknown;

/** Characters of a pseudonym after its mark: 128 bits. */
const PSEUDONYM_LENGTH = 22;

/**
 * How personal data is treated by clearance (spec §8): left out for the public; for a partner each text is replaced by a
 * pseudonym that is stable for that partner alone, and what is no text is left out; null where it may stay as it is.
 *
 * @param key the partner's own, so that two partners cannot join what they have been told.
 */
export function treatmentFor(clearance: Clearance, key: Buffer): Treat | null {
  switch (clearance) {
    case 'public':
      return () => undefined;
    case 'partner':
      return (value) => (typeof value === 'string' ? pseudonym(value, key) : undefined);
    case 'internal':
      return null;
    default:
      return clearance satisfies never;
  }
}

/** `pn_` and 128 bits of HMAC-SHA256 (RFC 2104) of the text; the same text has the same pseudonym under the same key. */
export function pseudonym(text: string, key: Buffer): string {
  const digest = createHmac('sha256', key).update(text).digest('base64url');
  return `pn_${digest.slice(0, PSEUDONYM_LENGTH)}`;
}

/**
 * A copy of a payload whose values at these paths (`name`, `titles[].contact.email`) were treated. Null stays null: it names
 * nobody. Entries of a list that are left out leave no gap.
 */
export function treatPersonal(payload: unknown, paths: readonly string[], treat: Treat): unknown {
  return paths.map(stepsOf).reduce((value, steps) => along(value, steps, treat), payload);
}

/** `titles[].contact.email` → `titles`, `[]`, `contact`, `email`. */
export function stepsOf(path: string): string[] {
  return path.split(/\.|(?=\[\])/).filter((step) => step !== '');
}

function along(value: unknown, steps: readonly string[], treat: Treat): unknown {
  if (value === null || value === undefined) return value;
  const [step, ...rest] = steps;
  if (step === undefined) return treatAll(value, treat);
  if (step === '[]') {
    return Array.isArray(value) ? kept(value.map((item) => along(item, rest, treat))) : value;
  }
  if (typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, step))
    return value;
  const { [step]: member, ...others } = value as Record<string, unknown>;
  const treated = along(member, rest, treat);
  if (treated === undefined) return others;
  // In its own place: the order of members is part of what a reader compares.
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, name === step ? treated : (one as unknown)]),
  );
}

/** A list of personal values is treated one by one. */
function treatAll(value: unknown, treat: Treat): unknown {
  return Array.isArray(value) ? kept(value.map((item) => treatAll(item, treat))) : treat(value);
}

function kept(values: unknown[]): unknown[] {
  return values.filter((value) => value !== undefined);
}
