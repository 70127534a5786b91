/** The most that is read of an answer's body (spec §5). */
export const READ_LIMIT = 64 * 1024;

/** The most that is kept of it (spec §5). */
export const KEPT_LIMIT = 4 * 1024;

/** Takes an answer's body as it comes: counts it up to {@link READ_LIMIT}, keeps the first {@link KEPT_LIMIT} bytes. */
export class AnswerBody {
  #chunks: Buffer[] = [];
  #kept = 0;
  #read = 0;

  /** Takes a chunk; false when enough has been read and the rest is not wanted. */
  take(chunk: Buffer): boolean {
    this.#read += chunk.length;
    // One byte more than is kept tells a character that the limit cuts from one that ends there.
    const wanted = chunk.subarray(0, KEPT_LIMIT + 1 - this.#kept);
    if (wanted.length > 0) this.#chunks.push(wanted);
    this.#kept += wanted.length;
    return this.#read <= READ_LIMIT;
  }

  /** What is kept, as text that any database can hold; `truncated` when there was more. */
  text(): { text: string; truncated: boolean } {
    if (this.#kept === 0) return { text: '', truncated: false };
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    return { text: keptText(bytes), truncated: this.#read > KEPT_LIMIT };
  }
}

/**
 * Cuts UTF-8 at {@link KEPT_LIMIT} bytes, between characters, and decodes it. What is not UTF-8 becomes U+FFFD,
 * and so does NUL, which PostgreSQL refuses in text.
 */
export function keptText(bytes: Buffer): string {
  const text = bytes
    .toString('utf8', 0, characterBoundary(bytes, KEPT_LIMIT))
    .replaceAll('\0', '\uFFFD');
  // U+FFFD takes three bytes where there was one, so that what was no text may have grown past the limit.
  return Buffer.byteLength(text) > KEPT_LIMIT ? keptText(Buffer.from(text)) : text;
}

/** The last place at or before `limit` where a character begins (RFC 3629 §3: 10xxxxxx continues one). */
function characterBoundary(bytes: Buffer, limit: number): number {
  if (bytes.length <= limit) return bytes.length;
  const continues = (at: number) => ((bytes[at] ?? 0) & 0b1100_0000) === 0b1000_0000;
  for (let at = limit; at > limit - 4; at -= 1) if (!continues(at)) return at;
  return limit;
}
