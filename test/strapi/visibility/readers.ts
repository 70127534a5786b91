import { expect } from 'vitest';
import type { Random } from '../../database/factory/random';

export interface Reader {
  url: string;
  token: string;
  slug: string;
}

/** Every word that a partner was sent, to be searched for what it must not hold. */
export interface Read<Found> {
  found: Found;
  texts: string[];
}

async function get({ url, token }: Reader, path: string) {
  // Links go to the server's public address, which is another one here.
  const address = path.startsWith('http')
    ? `${url}${new URL(path).pathname}${new URL(path).search}`
    : `${url}/api/newswire${path}`;
  const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  expect(response.status, `${path}: ${text.slice(0, 500)}`).toBe(200);
  return text;
}

interface EventPage {
  data: { event_id: string; payload: { titles?: { sku: string }[] } }[];
  meta: { cursor: string; has_more: boolean };
}

/** Page after page, to the end. */
export async function readEvents(reader: Reader, random: Random): Promise<Read<EventPage['data']>> {
  const texts: string[] = [];
  const found: EventPage['data'] = [];
  let since = '';
  for (;;) {
    const limit = 1 + random.below(20);
    const text = await get(reader, `/feeds/${reader.slug}/events?limit=${limit}${since}`);
    const { data, meta } = JSON.parse(text) as EventPage;
    texts.push(text);
    found.push(...data);
    if (!meta.has_more) return { found, texts };
    since = `&since=${encodeURIComponent(meta.cursor)}`;
  }
}

/** Entry ids of a feed document and of all that come after it, newest first. */
export async function readDocument(
  reader: Reader,
  format: 'rss' | 'atom' | 'json',
): Promise<Read<string[]>> {
  const texts: string[] = [];
  const found: string[] = [];
  let next: string | null = `/feeds/${reader.slug}/${format}?limit=7`;
  while (next !== null) {
    const text: string = await get(reader, next);
    texts.push(text);
    found.push(...entryIds(text, format));
    next = nextOf(text, format);
  }
  return { found, texts };
}

function entryIds(text: string, format: string): string[] {
  if (format === 'json') {
    return (JSON.parse(text) as { items: { id: string }[] }).items.map(({ id }) => uuidOf(id));
  }
  const tag = format === 'rss' ? /<guid[^>]*>([^<]*)<\/guid>/g : /<id>([^<]*)<\/id>/g;
  const ids = [...text.matchAll(tag)].map(([, id = '']) => id);
  // The first id of an Atom document is the feed's own.
  return ids.slice(format === 'atom' ? 1 : 0).map(uuidOf);
}

function uuidOf(id: string): string {
  return /[0-9a-f-]{36}$/.exec(id)?.[0] ?? id;
}

function nextOf(text: string, format: string): string | null {
  if (format === 'json') return (JSON.parse(text) as { next_url?: string }).next_url ?? null;
  const link = /<(?:atom:)?link\b[^>]*rel="next"[^>]*>/.exec(text)?.[0];
  return link ? (/href="([^"]*)"/.exec(link)?.[1]?.replaceAll('&amp;', '&') ?? null) : null;
}

export interface Record {
  id: string;
  locale: string | null;
  event_id: string;
}

/** All records of a feed. */
export async function readRecords(reader: Reader): Promise<Read<Record[]>> {
  const texts: string[] = [];
  const found: Record[] = [];
  let after = '';
  for (;;) {
    const text = await get(reader, `/feeds/${reader.slug}/records?limit=3${after}`);
    const { data, meta } = JSON.parse(text) as {
      data: Record[];
      meta: { after: string | null; has_more: boolean };
    };
    texts.push(text);
    found.push(...data);
    if (!meta.has_more) return { found, texts };
    after = `&after=${encodeURIComponent(meta.after ?? '')}`;
  }
}

/** The first so many events of a stream from its beginning. */
export async function readStream(reader: Reader, count: number): Promise<Read<string[]>> {
  const controller = new AbortController();
  const response = await fetch(`${reader.url}/api/newswire/feeds/${reader.slug}/stream`, {
    headers: { authorization: `Bearer ${reader.token}` },
    signal: AbortSignal.any([controller.signal, AbortSignal.timeout(20_000)]),
  });
  expect(response.status).toBe(200);
  let text = '';
  const ids = () =>
    [...text.matchAll(/^data: ?(.*)\r?$/gm)].map(
      ([, data = '']) => (JSON.parse(data) as { event_id: string }).event_id,
    );
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.split('\n\n').length > count && text.endsWith('\n\n') && ids().length >= count)
        break;
    }
  } finally {
    controller.abort();
  }
  return { found: ids(), texts: [text] };
}
