// Dates in this file are moved to the day of the start: see dates.ts.

export interface Slate {
  title: string;
  description: string;
  announce_date: string;
  /** Content ids of the titles on it. */
  titles: string[];
}

/** Slates for the markets, keyed by slug. */
export const SLATES: Record<string, Slate> = {
  drama: {
    title: 'Drama slate',
    description: 'Scripted series, finished or in post-production, for delivery within the year.',
    announce_date: '2026-02-16',
    titles: ['NL-RIV-0101', 'NL-RIV-0102', 'NL-HBL-0101', 'NL-LNG-0101'],
  },
  documentary: {
    title: 'Documentary slate',
    description: 'The feature and the series of Northern Skies, with factual formats.',
    announce_date: '2026-03-09',
    titles: ['NL-NSK-0001', 'NL-NSK-0101', 'NL-SES-0301'],
  },
};

export interface Offer {
  title: string;
  slate: string;
  offer_status: string;
  exclusive: boolean;
  territories: string[];
  term_length: string;
  fee: number;
  currency: string;
  /** Kind of use with its first and last day. */
  windows: [kind: string, from: string, until: string][];
  sales_rep_id: string;
  preview_expiry: string;
}

/** What single titles are offered for, keyed by SKU. */
export const OFFERS: Record<string, Offer> = {
  'NL-26-0101-FR': {
    title: 'NL-HBL-0101',
    slate: 'drama',
    offer_status: 'offered',
    exclusive: true,
    territories: ['FR'],
    term_length: 'P24M',
    fee: 185_000,
    currency: 'EUR',
    windows: [['linear', '2026-09-01', '2028-08-31']],
    sales_rep_id: 'sr_0211',
    preview_expiry: '2026-06-30T23:59:00.000Z',
  },
  'NL-26-0102-DACH': {
    title: 'NL-RIV-0101',
    slate: 'drama',
    offer_status: 'offered',
    exclusive: true,
    territories: ['DE', 'AT', 'CH'],
    term_length: 'P36M',
    fee: 420_000,
    currency: 'EUR',
    windows: [
      ['linear', '2026-10-01', '2027-09-30'],
      ['svod', '2027-10-01', '2029-09-30'],
    ],
    sales_rep_id: 'sr_0304',
    preview_expiry: '2026-06-30T23:59:00.000Z',
  },
  'NL-26-0103-US': {
    title: 'NL-RIV-0101',
    slate: 'drama',
    offer_status: 'draft',
    exclusive: false,
    territories: ['US'],
    term_length: 'P18M',
    fee: 310_000,
    currency: 'USD',
    windows: [['svod', '2027-01-01', '2028-06-30']],
    sales_rep_id: 'sr_0211',
    preview_expiry: '2026-06-30T23:59:00.000Z',
  },
  'NL-26-0104-IBERIA': {
    title: 'NL-LNG-0101',
    slate: 'drama',
    offer_status: 'accepted',
    exclusive: false,
    territories: ['ES', 'PT'],
    term_length: 'P24M',
    fee: 64_000,
    currency: 'EUR',
    windows: [['linear', '2026-05-01', '2028-04-30']],
    sales_rep_id: 'sr_0198',
    preview_expiry: '2026-06-30T23:59:00.000Z',
  },
  'NL-26-0201-ANZ': {
    title: 'NL-NSK-0001',
    slate: 'documentary',
    offer_status: 'offered',
    exclusive: false,
    territories: ['AU', 'NZ'],
    term_length: 'P60M',
    fee: 28_000,
    currency: 'USD',
    windows: [
      ['theatrical', '2026-06-01', '2026-08-31'],
      ['avod', '2026-12-01', '2031-05-31'],
    ],
    sales_rep_id: 'sr_0198',
    preview_expiry: '2026-06-30T23:59:00.000Z',
  },
  'NL-26-0202-JP': {
    title: 'NL-NSK-0101',
    slate: 'documentary',
    offer_status: 'declined',
    exclusive: true,
    territories: ['JP'],
    term_length: 'P12M',
    fee: 41_000,
    currency: 'USD',
    windows: [['linear', '2026-04-01', '2027-03-31']],
    sales_rep_id: 'sr_0304',
    preview_expiry: '2026-06-30T23:59:00.000Z',
  },
};

export interface Edition {
  name: string;
  start: string;
  end: string;
  /** Slot and content id of the title in it. */
  items: [slot: string, title: string][];
}

/** Planned blocks of the schedule. */
export const EDITIONS: Edition[] = [
  {
    name: 'Saturday night drama',
    start: '2026-02-07T20:00:00.000Z',
    end: '2026-02-07T23:30:00.000Z',
    items: [
      ['20:00 main', 'NL-RIV-0101'],
      ['21:00 second', 'NL-RIV-0102'],
      ['22:00 late', 'NL-LNG-0101'],
    ],
  },
  {
    name: 'Comedy week',
    start: '2026-02-16T18:00:00.000Z',
    end: '2026-02-20T20:00:00.000Z',
    items: [
      ['Monday 18:30', 'NL-SMP-0201'],
      ['Wednesday 18:30', 'NL-SMP-0202'],
    ],
  },
  {
    name: 'Arctic weekend',
    start: '2026-03-20T17:00:00.000Z',
    end: '2026-03-22T22:00:00.000Z',
    items: [
      ['Friday feature', 'NL-NSK-0001'],
      ['Sunday series', 'NL-NSK-0101'],
    ],
  },
  {
    name: 'Sunday table',
    start: '2026-04-05T12:00:00.000Z',
    end: '2026-04-05T14:00:00.000Z',
    items: [['Sunday lunch', 'NL-SES-0301']],
  },
];
