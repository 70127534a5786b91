import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'koa';

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Under so many characters compressing costs more than it saves. */
const WORTH_CHARACTERS = 1_024;

/** Brotli's default is made for files that are compressed once: ten times the time for a tenth less. */
const BROTLI_QUALITY = 4;

/** Answers with a text, compressed where the reader asks for it. */
export async function answerCompressed(
  ctx: Context,
  { text, type }: { text: string; type: string },
): Promise<void> {
  ctx.vary('Accept-Encoding');
  ctx.status = 200;
  ctx.set('Content-Type', type);
  const encoding =
    text.length < WORTH_CHARACTERS ? 'identity' : ctx.acceptsEncodings('br', 'gzip', 'identity');
  if (encoding !== 'br' && encoding !== 'gzip') {
    ctx.body = text;
    return;
  }
  ctx.set('Content-Encoding', encoding);
  const body =
    encoding === 'gzip'
      ? await toGzip(text)
      : await toBrotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  // Koa names a type of its own for a buffer.
  ctx.body = body;
  ctx.set('Content-Type', type);
}
