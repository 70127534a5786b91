import type { PersonSlug } from './people';

export interface Show {
  title: string;
  synopsis: string;
  genre: string;
  production_status: string;
  commissioner: PersonSlug;
  show_lead?: PersonSlug;
}

/** Northlight's shows, keyed by slug. */
export const SHOWS = {
  rivals: {
    title: 'Rivals',
    synopsis:
      'Two television companies, one franchise, and a county in which everybody knows everybody.',
    genre: 'drama',
    production_status: 'in_production',
    commissioner: 'lee-mason',
    show_lead: 'helena-duarte',
  },
  'harbour-lights': {
    title: 'Harbour Lights',
    synopsis: 'A coastguard volunteer finds the boat that has been missing for eleven years.',
    genre: 'drama',
    production_status: 'post_production',
    commissioner: 'lee-mason',
    show_lead: 'callum-reid',
  },
  'the-long-water': {
    title: 'The Long Water',
    synopsis: 'A dam, a drowned village, and the summer in which the level falls.',
    genre: 'drama',
    production_status: 'on_air',
    commissioner: 'ingrid-solberg',
  },
  'vault-9': {
    title: 'Vault 9',
    synopsis: 'An archivist at the national bank notices that one vault is on no plan.',
    genre: 'crime',
    production_status: 'commissioned',
    commissioner: 'lee-mason',
    show_lead: 'callum-reid',
  },
  'small-print': {
    title: 'Small Print',
    synopsis: 'The complaints department of an insurance company, and the six people who answer.',
    genre: 'comedy',
    production_status: 'in_production',
    commissioner: 'tom-aldous',
    show_lead: 'yusuf-adeyemi',
  },
  'second-serving': {
    title: 'Second Serving',
    synopsis: 'Chefs whose restaurants closed cook for the people who still remember them.',
    genre: 'factual_entertainment',
    production_status: 'on_air',
    commissioner: 'priya-raman',
  },
  'northern-skies': {
    title: 'Northern Skies',
    synopsis: 'A year above the Arctic Circle, told by those who have to work in the dark.',
    genre: 'documentary',
    production_status: 'on_air',
    commissioner: 'marcus-webb',
  },
  'kitchen-table-politics': {
    title: 'Kitchen Table Politics',
    synopsis: 'Ministers visit one household each, and stay for the washing-up.',
    genre: 'current_affairs',
    production_status: 'in_development',
    commissioner: 'priya-raman',
  },
} satisfies Record<string, Show>;

export type ShowSlug = keyof typeof SHOWS;

/** Who does what on which show: person, show, role, from, until. */
export const ASSIGNMENTS: [PersonSlug, ShowSlug, string, string, string?][] = [
  ['lee-mason', 'rivals', 'commissioner', '2024-09-01'],
  ['helena-duarte', 'rivals', 'show_lead', '2024-10-01'],
  ['david-okonkwo', 'rivals', 'executive_producer', '2024-10-14'],
  ['oliver-penrose', 'rivals', 'legal', '2024-10-14'],
  ['lee-mason', 'harbour-lights', 'commissioner', '2024-11-18'],
  ['callum-reid', 'harbour-lights', 'show_lead', '2025-01-13'],
  ['ingrid-solberg', 'the-long-water', 'commissioner', '2023-03-15'],
  ['nora-lindqvist', 'the-long-water', 'executive_producer', '2023-04-03'],
  ['lee-mason', 'vault-9', 'commissioner', '2025-09-22'],
  ['callum-reid', 'vault-9', 'show_lead', '2025-10-01'],
  ['tom-aldous', 'small-print', 'commissioner', '2024-05-20'],
  ['yusuf-adeyemi', 'small-print', 'show_lead', '2025-04-01'],
  ['priya-raman', 'second-serving', 'commissioner', '2025-01-06'],
  ['david-okonkwo', 'second-serving', 'executive_producer', '2022-02-07', '2025-06-30'],
  ['marcus-webb', 'northern-skies', 'commissioner', '2024-02-12'],
  ['nora-lindqvist', 'northern-skies', 'executive_producer', '2024-03-04'],
];
