import { changeSentence } from './change-sentence';
import { definitionList, paragraph } from './html';
import { cut, plain, SUMMARY_LENGTH } from './item';
import type { GivenItem, ShownEvent } from './item';
import { labelOfType } from './words';

/** Attributes that name what an event is about, the best first. */
const NAMES = ['name', 'title', 'show', 'headline', 'label', 'subscription_name'];

/** Attributes by which more can be read, the best first. */
const ADDRESSES = ['url', 'link', 'preview_url'];

/**
 * How an event reads where its definition says nothing of it: `Commissioner promoted: Lee Mason`, with a sentence on what has
 * changed.
 */
export function defaultItem(eventType: string, event: ShownEvent): GivenItem {
  const payload = membersOf(event.payload);
  const name = textAt([payload, membersOf(payload['entry'])], NAMES);
  const label = labelOfType(plain(eventType));
  const summary = changeSentence(event);
  return {
    title: name === null ? label : `${label}: ${name}`,
    summary: summary === null ? null : cut(summary, SUMMARY_LENGTH),
    url: textAt([payload, membersOf(payload['links'])], [...ADDRESSES, 'profile']),
    html: null,
  };
}

/** What has changed, then all that the event says. */
export function defaultContent(event: ShownEvent, { summary }: Pick<GivenItem, 'summary'>): string {
  const told = summary === null ? '' : paragraph(summary);
  return told + definitionList(event.payload);
}

function textAt(
  places: readonly Record<string, unknown>[],
  names: readonly string[],
): string | null {
  for (const place of places) {
    for (const name of names) {
      const value = Object.hasOwn(place, name) ? place[name] : undefined;
      const text = typeof value === 'string' ? plain(value) : '';
      if (text !== '') return text;
    }
  }
  return null;
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
