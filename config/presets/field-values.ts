import type { DocumentState } from '../../server/src/domain/change';

/** What a field of a payload is made of. */
export type Kind =
  'text' | 'date' | 'address' | 'integer' | 'number' | 'boolean' | 'words' | 'territories';

/**
 * A payload's value from what a path led to. What is there but does not fit is passed on as it is: the payload's schema says
 * what is wrong with it, where null would hide it.
 *
 * @param addressBase put before addresses such as `/uploads/still.jpg`.
 */
export function valueOf(kind: Kind, values: readonly unknown[], addressBase?: string): unknown {
  if (kind === 'words' || kind === 'territories') {
    const words = values.flatMap(wordsIn);
    const written = kind === 'territories' ? words.map((word) => word.toUpperCase()) : words;
    return [...new Set(written)];
  }
  const value = values.find((given) => given !== null && given !== undefined && given !== '');
  if (value === undefined) return null;
  switch (kind) {
    case 'text':
    case 'date':
      return value instanceof Date ? value.toISOString() : textIn(value);
    case 'address':
      return typeof value === 'string' ? addressIn(value, addressBase) : value;
    case 'integer':
    case 'number':
      return typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'boolean':
      return value === 1 ? true : value === 0 ? false : value;
    default:
      return kind satisfies never;
  }
}

/** What the media library knows of a file, by the payload's names. Its sizes are in thousands of bytes. */
export const FILE_VALUES: Readonly<Record<string, (file: DocumentState) => unknown>> = {
  url: ({ url }) => url,
  width: ({ width }) => width,
  height: ({ height }) => height,
  file_size: ({ size }) => (typeof size === 'number' ? Math.round(size * 1_000) : null),
  container: ({ ext }) => extensionIn(ext),
  format: ({ ext }) => extensionIn(ext),
  resolution: ({ width, height }) =>
    typeof width === 'number' && typeof height === 'number' ? `${width}x${height}` : null,
};

function textIn(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

function addressIn(text: string, base: string | undefined): string {
  const relative = text.startsWith('/') && !text.startsWith('//');
  return relative && base !== undefined ? `${base.replace(/\/+$/, '')}${text}` : text;
}

function extensionIn(value: unknown): string | null {
  return typeof value === 'string' && value.length > 1 ? value.replace(/^\./, '') : null;
}

/** Words from what an editor may have kept them in: a JSON list, or text with commas. */
function wordsIn(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [];
  return list
    .filter((word) => typeof word === 'string')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
