import { expect } from 'vitest';

export interface Frame {
  id: string | null;
  type: string | null;
  data: string | null;
}

export interface OpenStream {
  response: Response;
  /** The events that came so far. */
  frames: Frame[];
  /** Everything that came so far. */
  text: () => string;
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  leave: () => void;
}

/** Reads server-sent events as an EventSource would. */
export async function openStream(
  url: string,
  headers: Record<string, string>,
): Promise<OpenStream> {
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  const frames: Frame[] = [];
  let text = '';
  const read = async () => {
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = (rest + chunk).split('\n\n');
      rest = parts.pop() ?? '';
      frames.push(...parts.map(toFrame).filter(({ data }) => data !== null));
    }
    // What is refused is no stream.
    if (response.status === 200) expect(rest).toBe('');
  };
  const ended = read().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  return { response, frames, text: () => text, ended, leave: () => controller.abort() };
}

function toFrame(part: string): Frame {
  const field = (name: string) =>
    part
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? null;
  return { id: field('id'), type: field('event'), data: field('data') };
}
