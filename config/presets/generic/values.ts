/** What a scalar attribute's value is in an event. */
export type ValueKind = 'text' | 'instant' | 'number' | 'whole' | 'boolean' | 'any';

const KINDS: Readonly<Record<string, ValueKind>> = {
  string: 'text',
  text: 'text',
  richtext: 'text',
  email: 'text',
  uid: 'text',
  enumeration: 'text',
  // A number could not hold it.
  biginteger: 'text',
  date: 'text',
  time: 'text',
  timestamp: 'text',
  datetime: 'instant',
  integer: 'whole',
  float: 'number',
  decimal: 'number',
  boolean: 'boolean',
};

/** The kind of an attribute type; `any` for JSON, blocks, and types that other plugins bring. */
export function kindOf(type: string): ValueKind {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? 'any') : 'any';
}

/**
 * A value as its kind has it; null where the database holds what cannot be that, as after an attribute's type was changed
 * on SQLite, whose columns take anything. An event is no place to find that out: the save would make an invalid one.
 */
export function valueOfKind(kind: ValueKind, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (kind) {
    case 'text':
      return textOfValue(value);
    case 'instant':
      return instantOf(value);
    case 'number':
      return numberOf(value);
    case 'whole': {
      const whole = Math.trunc(numberOf(value) ?? NaN);
      return Number.isSafeInteger(whole) ? whole : null;
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'any':
      return value;
  }
}

function textOfValue(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  // Text of a number or of a truth value is the value itself.
  return JSON.stringify(value) ?? null;
}

function instantOf(value: unknown): string | null {
  const instant = value instanceof Date ? value : new Date(String(value));
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

function numberOf(value: unknown): number | null {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : NaN;
  return Number.isFinite(number) ? number : null;
}
