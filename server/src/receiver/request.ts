/** A request as it arrived; of Node's servers, of frameworks on them, or of `fetch` handlers. */
export interface ReceivedRequest {
  /** Names in any case. */
  headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, before any parsing or unpacking. */
  body: string | Uint8Array | ArrayBuffer;
}

/** The value of a header, by its name in lower case; null where it is missing, empty or there more than once. */
export type ReadHeader = (name: string) => string | null;

export function headerReader(headers: ReceivedRequest['headers']): ReadHeader {
  if (hasGet(headers)) {
    return (name) => headers.get(name) || null;
  }
  const values = new Map<string, string | null>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const lower = name.toLowerCase();
    values.set(lower, values.has(lower) ? null : single(value));
  }
  return (name) => values.get(name) ?? null;
}

export function bytesOf(body: ReceivedRequest['body']): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError(
    'body must be the bytes as they came (a Buffer, Uint8Array, ArrayBuffer or string), not a parsed object',
  );
}

function hasGet(
  headers: ReceivedRequest['headers'],
): headers is { get(name: string): string | null } {
  return typeof headers['get'] === 'function';
}

function single(value: string | readonly string[]): string | null {
  const text = typeof value === 'string' ? value : value.length === 1 ? value[0] : undefined;
  return text || null;
}
