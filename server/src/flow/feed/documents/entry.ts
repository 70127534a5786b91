import { itemOfEvent, itemOfTransformed } from '../../../domain/feed-item/make-item';
import type { MakeItem, ShownEvent } from '../../../domain/feed-item/item';
import type { FeedEntry } from './feed-document';

/** An event of a page, as its reader may see it. */
export interface ShownItem {
  eventId: string;
  eventType: string;
  releasedAt: Date;
  /** JSON text: the event, or what the feed's transform made of it. */
  text: string;
}

export interface EntryPorts {
  /** True where the feed has a transform: then the texts are what it made of the events. */
  transformed: boolean;
  /** `producer_id` of the installation, for what does not name its own. */
  producerId: string;
  converterOf(eventType: string): MakeItem | undefined;
}

/** One entry of a document. */
export function entryOf(shown: ShownItem, ports: EntryPorts): FeedEntry {
  const { eventId, eventType, releasedAt } = shown;
  const event = JSON.parse(shown.text) as unknown;
  const item = ports.transformed
    ? itemOfTransformed(eventType, event)
    : itemOfEvent(eventType, event as ShownEvent, ports.converterOf(eventType));
  return {
    id: `urn:uuid:${eventId}`,
    eventType,
    author: ports.transformed ? ports.producerId : producerOf(event, ports),
    releasedAt,
    ...item,
    event,
  };
}

/** A projection may have left it out. */
function producerOf(event: unknown, { producerId }: EntryPorts): string {
  const { producer_id } = (event ?? {}) as { producer_id?: unknown };
  return typeof producer_id === 'string' && producer_id !== '' ? producer_id : producerId;
}
