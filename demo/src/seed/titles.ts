import type { ShowSlug } from './shows';

// Dates in this file are moved to the day of the start: see dates.ts.

export interface Title {
  show: ShowSlug;
  title: string;
  synopsis: string;
  language?: string;
  kind?: 'episode' | 'film';
  territories: string[];
  /** First and last day of the rights. */
  rights: [from: string, until: string];
  license_type?: 'exclusive' | 'non-exclusive' | 'holdback';
  captions: string[];
  /** Title and synopsis in German, where there is a German version. */
  german?: { title: string; synopsis: string };
  /** Not published yet. */
  draft?: true;
}

const HOME = ['GB', 'IE'];
const NORDICS = ['SE', 'NO', 'DK', 'FI', 'IS'];

/** Episodes and films as they are delivered, keyed by content id. */
export const TITLES: Record<string, Title> = {
  'NL-RIV-0101': {
    show: 'rivals',
    title: 'Rivals: The Franchise',
    synopsis:
      'Corinium’s licence is up for renewal, and a newcomer has bought the house next door.',
    territories: HOME,
    rights: ['2026-02-01', '2029-01-31'],
    license_type: 'exclusive',
    captions: ['en-GB', 'de-DE'],
    german: {
      title: 'Rivals: Die Lizenz',
      synopsis: 'Die Sendelizenz läuft aus, und nebenan zieht ein Neuer ein.',
    },
  },
  'NL-RIV-0102': {
    show: 'rivals',
    title: 'Rivals: The Consortium',
    synopsis: 'Three people who cannot stand each other find that they have the same enemy.',
    territories: HOME,
    rights: ['2026-02-01', '2029-01-31'],
    license_type: 'exclusive',
    captions: ['en-GB'],
  },
  'NL-RIV-0103': {
    show: 'rivals',
    title: 'Rivals: The Shoot',
    synopsis: 'A weekend in the country ends with a resignation.',
    territories: HOME,
    rights: ['2026-02-01', '2029-01-31'],
    license_type: 'exclusive',
    captions: [],
    draft: true,
  },
  'NL-HBL-0101': {
    show: 'harbour-lights',
    title: 'Harbour Lights: Slack Water',
    synopsis: 'The boat lies where three searches found nothing.',
    territories: [...HOME, 'FR'],
    rights: ['2026-04-01', '2028-03-31'],
    license_type: 'exclusive',
    captions: ['en-GB', 'fr-FR'],
  },
  'NL-LNG-0101': {
    show: 'the-long-water',
    title: 'The Long Water: Spillway',
    synopsis: 'The steeple shows above the reservoir for the first time since 1962.',
    language: 'nb-NO',
    territories: [...HOME, ...NORDICS],
    rights: ['2025-09-01', '2027-08-31'],
    license_type: 'non-exclusive',
    captions: ['en-GB', 'nb-NO', 'sv-SE'],
  },
  'NL-LNG-0102': {
    show: 'the-long-water',
    title: 'The Long Water: Low Summer',
    synopsis: 'A surveyor walks down the main street of a village that is not there.',
    language: 'nb-NO',
    territories: [...HOME, ...NORDICS],
    rights: ['2025-09-01', '2027-08-31'],
    license_type: 'non-exclusive',
    captions: ['en-GB', 'nb-NO'],
  },
  'NL-SMP-0201': {
    show: 'small-print',
    title: 'Small Print: Acts of God',
    synopsis: 'A vicar claims for lightning. Twice.',
    territories: HOME,
    rights: ['2026-01-05', '2028-01-04'],
    captions: ['en-GB'],
  },
  'NL-SMP-0202': {
    show: 'small-print',
    title: 'Small Print: No Claims Bonus',
    synopsis:
      'Somebody has not complained in nineteen years, and the department wants to know why.',
    territories: HOME,
    rights: ['2026-01-05', '2028-01-04'],
    captions: ['en-GB'],
  },
  'NL-SES-0301': {
    show: 'second-serving',
    title: 'Second Serving: Leith',
    synopsis: 'A fish restaurant is rebuilt for one night, with its first menu.',
    territories: [...HOME, 'NL', 'BE'],
    rights: ['2025-10-01', '2027-09-30'],
    license_type: 'non-exclusive',
    captions: ['en-GB'],
  },
  'NL-NSK-0001': {
    show: 'northern-skies',
    title: 'Northern Skies',
    kind: 'film',
    synopsis: 'Feature documentary. Eleven months, four seasons, one road.',
    territories: [...HOME, 'DE', 'AT', 'CH', ...NORDICS, 'US', 'CA'],
    rights: ['2025-06-01', '2030-05-31'],
    license_type: 'non-exclusive',
    captions: ['en-GB', 'de-DE', 'nb-NO'],
    german: {
      title: 'Nördliche Himmel',
      synopsis: 'Dokumentarfilm. Elf Monate, vier Jahreszeiten, eine Straße.',
    },
  },
  'NL-NSK-0101': {
    show: 'northern-skies',
    title: 'Northern Skies: The Night Shift',
    synopsis: 'Snowploughs, a maternity ward and the last bus to Kirkenes.',
    territories: [...HOME, ...NORDICS],
    rights: ['2025-11-01', '2028-10-31'],
    license_type: 'non-exclusive',
    captions: ['en-GB', 'nb-NO'],
  },
  'NL-VLT-0101': {
    show: 'vault-9',
    title: 'Vault 9: Inventory',
    synopsis: 'Forty-one thousand boxes, and one that nobody rents.',
    territories: HOME,
    rights: ['2027-01-01', '2029-12-31'],
    license_type: 'holdback',
    captions: [],
    draft: true,
  },
};
