/** Frames of `text/event-stream` (WHATWG HTML §9.2.5). */

/** What ends a line there; JSON text has none of them, but nothing here depends on it. */
const LINE_END = /\r\n|\r|\n/;

/** A comment, which readers pass over: it shows that the connection is alive. */
export const HEARTBEAT = ':\n\n';

/** How long a reader whose connection was lost waits before it comes back, in milliseconds. */
export function retryFrame(milliseconds: number): string {
  return `retry: ${milliseconds}\n\n`;
}

/** No event, but what the reader comes back with from now on. */
export function idFrame(id: string): string {
  return `id: ${oneLine(id)}\n\n`;
}

/** One event. `id` is what the reader comes back with in `Last-Event-ID`. */
export function eventFrame(input: { id: string; type: string; data: string }): string {
  const data = input.data
    .split(LINE_END)
    .map((line) => `data: ${line}\n`)
    .join('');
  return `id: ${oneLine(input.id)}\nevent: ${oneLine(input.type)}\n${data}\n`;
}

/** A field's value ends with its line; a NUL would make the reader ignore an id. */
function oneLine(value: string): string {
  return value.replace(/[\r\n\0]/g, '');
}
