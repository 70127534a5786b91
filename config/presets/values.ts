/** Text from what a database may answer for it; null where there is none. Dates come as text, or as `Date`. */
export function textIn(value: unknown): string | null {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Words from a JSON list, or from text with commas. */
export function wordsIn(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : String(textIn(value) ?? '').split(',');
  return list.flatMap((word) => {
    const trimmed = textIn(word)?.trim();
    return trimmed ? [trimmed] : [];
  });
}

/** Decimals and big integers come as text. */
export function numberIn(value: unknown): number | null {
  const text = textIn(value);
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Some databases have 0 and 1 for false and true. */
export function flagIn(value: unknown): boolean | null {
  if (value === true || value === 1) return true;
  return value === false || value === 0 ? false : null;
}
