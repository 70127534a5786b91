import { slate } from '../../../../config';
import type { SlateMapping } from '../../../../config';
import { eventsBy } from './make-events';
import type { Row } from './make-events';

export const SLATE = 'api::slate.slate';
export const TITLE = 'api::title.title';
export const OFFER = 'api::licence-offer.licence-offer';

export const mapping = {
  slate: {
    uid: SLATE,
    fields: { name: 'title', description: 'description', announceDate: 'announce_date' },
    titles: 'titles',
    offers: 'offers',
  },
  title: { uid: TITLE, fields: { id: 'content_id', name: 'title', genres: 'show.genre' } },
  offer: {
    uid: OFFER,
    title: 'title',
    slate: 'slate',
    status: { field: 'offer_status', open: ['offered'] },
    terms: {
      internalSku: 'internal_sku',
      primaryContact: 'primary_contact',
      salesRepId: 'sales_rep_id',
      previewUrl: 'preview_url',
      previewExpiry: 'preview_expiry',
      exclusive: 'license_terms.exclusive',
      territories: 'license_terms.territories',
      termLength: 'license_terms.term_length',
      fees: { list: 'license_terms.fees', basis: 'basis', amount: 'amount', currency: 'currency' },
      windows: {
        list: 'license_terms.windows',
        kind: 'kind',
        startDate: 'start_date',
        endDate: 'end_date',
      },
      formatOptions: {
        list: 'format_options',
        deliveryFormat: 'delivery_format',
        container: 'container',
        requiredAssets: 'required_assets',
      },
    },
  },
  previewMaxDays: 90,
} satisfies SlateMapping;

export const title = (
  key: string,
  genre = 'drama',
  publishedAt: string | null = '2026-01-01',
): Row => ({
  documentId: key,
  content_id: `NL-${key}`,
  title: `Title ${key}`,
  publishedAt,
  show: { documentId: 'show', genre, publishedAt },
});
export const offer = (
  key: string,
  of: Row | null,
  territories: string[],
  changes: Row = {},
): Row => ({
  documentId: key,
  internal_sku: `SKU-${key}`,
  offer_status: 'offered',
  title: of,
  slate: null,
  license_terms: {
    id: 1,
    exclusive: true,
    territories,
    term_length: 'P24M',
    fees: [{ id: 1, basis: 'licence', amount: 185_000, currency: 'EUR' }],
    windows: [{ id: 1, kind: 'linear', start_date: '2026-09-01', end_date: '2028-08-31' }],
  },
  format_options: [
    { id: 1, delivery_format: 'imf', container: 'mxf', required_assets: ['master'] },
  ],
  preview_url: 'https://screeners.example/1',
  preview_expiry: '2026-03-01T00:00:00.000Z',
  primary_contact: 'Sofia Marchetti',
  sales_rep_id: 'sr_1',
  publishedAt: '2026-01-01',
  ...changes,
});
export const harbour = title('hbl');
export const rivals = title('riv');
export const skies = title('nsk', 'documentary');
export const french = offer('fr', harbour, ['FR']);
export const german = offer('dach', rivals, ['DE', 'AT']);
export const drama = (changes: Row = {}): Row => ({
  documentId: 'drama',
  title: 'Drama slate',
  description: null,
  announce_date: '2026-01-10',
  publishedAt: '2026-01-09',
  titles: [harbour, rivals],
  offers: [french, german],
  ...changes,
});

export const preset = slate(mapping);
export const make = eventsBy(preset);
export const ofType = (type: string, ...change: Parameters<typeof make>) =>
  make(...change).filter((event) => event.type === type);
