import { defaultContent, defaultItem } from './default-item';
import { jsonBlock, paragraph } from './html';
import { webAddress } from '../web-address';
import { cut, givenItem, plain, TITLE_LENGTH } from './item';
import type { FeedItem, GivenItem, MakeItem, ShownEvent } from './item';
import { labelOfType } from './words';

/**
 * The item of an event. A definition's converter that throws, or answers what is no item, counts as none: a reader must not
 * miss an event because of how it looks.
 *
 * @param event as its reader may see it.
 */
export function itemOfEvent(
  eventType: string,
  event: ShownEvent,
  convert: MakeItem | undefined,
): FeedItem {
  const own = convert ? converted(convert, event) : null;
  const given = own ?? defaultItem(eventType, event);
  return finished(given, given.html ?? defaultContent(event, given));
}

/**
 * The item of what a feed's transform has made of an event: its `title`, `summary`, `url` and `content_html` where it has a title;
 * anything else is shown as JSON.
 */
export function itemOfTransformed(eventType: string, value: unknown): FeedItem {
  const given = givenItem(value);
  if (given === null) {
    const title = labelOfType(plain(eventType));
    return { title: cut(title, TITLE_LENGTH), summary: null, url: null, html: jsonBlock(value) };
  }
  return finished(given, given.html ?? contentOf(given, value));
}

/** The item that stands in the place of an event that could not be brought into the feed's shape. */
export function failedItem(eventType: string, message: string): FeedItem {
  const title = cut(labelOfType(plain(eventType)), TITLE_LENGTH);
  return { title, summary: message, url: null, html: paragraph(message) };
}

function contentOf({ summary }: GivenItem, value: unknown): string {
  return summary === null ? jsonBlock(value) : paragraph(summary);
}

function converted(convert: MakeItem, event: ShownEvent): GivenItem | null {
  try {
    return givenItem(convert(event));
  } catch {
    return null;
  }
}

function finished({ title, summary, url }: GivenItem, content: string): FeedItem {
  const short = cut(title, TITLE_LENGTH);
  return {
    title: short,
    summary,
    url: webAddress(url),
    // An entry without content would need a link to it (RFC 4287 §4.1.2).
    html: short === title && content !== '' ? content : paragraph(title) + content,
  };
}
