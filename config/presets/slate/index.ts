import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { EventDefinition, Preset } from '../../../server/src/domain/definition';
import { checkedMapping } from '../checked-mapping';
import { announceEvents, slateReader } from './announce';
import { listingReader } from './listing';
import { slateMapping, type SlateMapping } from './mapping';
import { offerEvents } from './offer';
import { previewEvents } from './preview';
import { titleEvents } from './title';

export type { SlateMapping } from './mapping';

/**
 * Events of a sales slate: titles offered to buyers together.
 *
 * | type | made when |
 * | --- | --- |
 * | `slate.announce` | a published slate's announce date comes; without one, or after it, when the slate is published |
 * | `title.available` | a title is on offer from now on: with its slate's announcement, by being added to an announced slate, or by an offer that opens |
 * | `license.offer` | an offer opens, or an open one has other terms |
 * | `content.preview.ready` | the preview of an open offer or published title appears, or its address or expiry changes |
 *
 * Each buyer sees what it may license: by the territories of the licence terms, by genre and by content type.
 */
export function slate(mapping: SlateMapping): Preset {
  return {
    name: 'slate',
    options: mapping,
    define(schema: ContentSchema): EventDefinition[] {
      const checked = checkedMapping('slate', slateMapping, mapping);
      const { previewMaxDays } = checked;
      const listings = listingReader(schema, checked);
      const slates = slateReader(schema, checked, listings);
      return [
        ...(slates ? announceEvents(slates, listings, previewMaxDays) : []),
        ...titleEvents(slates, listings, previewMaxDays),
        ...offerEvents(listings, previewMaxDays),
        ...previewEvents(listings, checked),
      ];
    },
  };
}
