import type { Listing } from './listing';

/** A listing as it may look. */
export const HARBOUR_LIGHTS: Listing = {
  title_id: 'NL-HBL-0101',
  offer_id: 'o1f2f3e4r5',
  title: 'Harbour Lights: Slack Water',
  genres: ['drama'],
  content_type: 'episode',
  internal_sku: 'NL-26-0101-FR',
  primary_contact: 'Sofia Marchetti',
  sales_rep_id: 'sr_0211',
  preview_url: 'https://screeners.example/nl-26-0101-fr',
  // No previewMaxDays is below what an example may be checked with, so this one names no expiry.
  preview_expiry: null,
  license_terms: {
    exclusive: true,
    territories: ['FR'],
    fees: [{ basis: 'licence', amount: 185_000, currency: 'EUR' }],
    term_length: 'P24M',
    windows: [{ kind: 'linear', start_date: '2026-09-01', end_date: '2028-08-31' }],
  },
  format_options: [
    { delivery_format: 'prores_422_hq', container: 'mov', required_assets: ['master', 'captions'] },
  ],
};
