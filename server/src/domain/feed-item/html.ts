/** HTML of what an event says, for people: a list of terms and values. Everything of the event is escaped. */
import { webAddress } from '../web-address';
import { xmlText } from '../xml-text';
import { labelOf } from './words';

/** Characters of an event's values that one item shows; what is beyond is left out, and said to be. */
const SHOWN_LENGTH = 262_144;

/** Lists within lists: what is deeper is shown as JSON. */
const MAX_DEPTH = 6;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML, in content and in attributes. */
function escapeHtml(text: string): string {
  return xmlText(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** A paragraph of plain text. */
export function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

/** JSON, as it is. */
export function jsonBlock(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return new ValueWriter().block(text);
}

/** An object's members as a definition list; empty where it has none to show. */
export function definitionList(value: unknown): string {
  return new ValueWriter().list(value);
}

/** Writes values until {@link SHOWN_LENGTH} is used up. */
class ValueWriter {
  #left = SHOWN_LENGTH;

  list(value: unknown): string {
    if (!isObject(value)) return '';
    return this.#members(value, 0) + this.#rest();
  }

  block(text: string): string {
    return `<pre>${this.#text(text)}</pre>${this.#rest()}`;
  }

  #members(value: object, depth: number): string {
    const rows: string[] = [];
    for (const [name, member] of Object.entries(value)) {
      if (this.#left <= 0) break;
      if (isNothing(member)) continue;
      const term = this.#text(labelOf(name));
      rows.push(`<dt>${term}</dt><dd>${this.#value(member, depth)}</dd>`);
    }
    return rows.length === 0 ? '' : `<dl>${rows.join('')}</dl>`;
  }

  #value(value: unknown, depth: number): string {
    if (!isObject(value)) return this.#scalar(value);
    if (depth >= MAX_DEPTH) return `<code>${this.#text(JSON.stringify(value))}</code>`;
    return Array.isArray(value) ? this.#items(value, depth) : this.#members(value, depth + 1);
  }

  #items(list: readonly unknown[], depth: number): string {
    const shown = list.filter((item) => !isNothing(item));
    if (shown.every((item) => !isObject(item))) {
      return this.#each(shown, (item) => this.#scalar(item)).join(', ');
    }
    const items = this.#each(shown, (item) => `<li>${this.#value(item, depth + 1)}</li>`);
    return `<ul>${items.join('')}</ul>`;
  }

  #each(list: readonly unknown[], write: (item: unknown) => string): string[] {
    const written: string[] = [];
    for (const item of list) {
      if (this.#left <= 0) break;
      written.push(write(item));
    }
    return written;
  }

  #scalar(value: unknown): string {
    const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
    const address = webAddress(value);
    const shown = this.#text(text);
    return address === null ? shown : `<a href="${escapeHtml(address)}">${shown}</a>`;
  }

  /** Counted before it is escaped, so that no entity is cut. */
  #text(text: string): string {
    const shown = text.slice(0, Math.max(0, this.#left));
    // One more, so that many empty values come to an end too.
    this.#left -= text.length + 1;
    return escapeHtml(shown);
  }

  #rest(): string {
    return this.#left < 0 ? '<p>… The event has more than is shown here.</p>' : '';
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Nothing that a person would read. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || isEmpty(value);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
