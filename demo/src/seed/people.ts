export interface Person {
  name: string;
  title: string;
  executive_role:
    'commissioner' | 'show_lead' | 'executive_producer' | 'acquisitions' | 'legal' | 'other';
  scope: string[];
  effective_date: string;
  signing_authority?: boolean;
  budget_limit?: number;
  bio: string;
}

/** Everybody at Northlight who appears in a credit or signs a contract. Keyed by slug. */
export const PEOPLE = {
  'lee-mason': {
    name: 'Lee Mason',
    title: 'Executive Director, Scripted Originals',
    executive_role: 'commissioner',
    scope: ['EMEA'],
    effective_date: '2024-09-01',
    signing_authority: true,
    budget_limit: 2_500_000,
    bio: 'Commissions scripted originals for EMEA. Before Northlight, ten years as a script editor and drama producer.',
  },
  'ingrid-solberg': {
    name: 'Ingrid Solberg',
    title: 'Head of Drama',
    executive_role: 'commissioner',
    scope: ['Nordics'],
    effective_date: '2023-03-15',
    signing_authority: true,
    budget_limit: 1_200_000,
    bio: 'Runs Nordic drama out of Oslo and co-productions with the region’s public broadcasters.',
  },
  'priya-raman': {
    name: 'Priya Raman',
    title: 'Commissioning Editor, Factual',
    executive_role: 'commissioner',
    scope: ['UK', 'IE'],
    effective_date: '2025-01-06',
    signing_authority: false,
    budget_limit: 250_000,
    bio: 'Factual entertainment and food. Joined from the specialist factual team in Glasgow.',
  },
  'tom-aldous': {
    name: 'Tom Aldous',
    title: 'Senior Commissioning Editor, Comedy',
    executive_role: 'commissioner',
    scope: ['UK'],
    effective_date: '2022-11-01',
    signing_authority: false,
    budget_limit: 400_000,
    bio: 'Half-hour comedy and everything with a studio audience.',
  },
  'marcus-webb': {
    name: 'Marcus Webb',
    title: 'Commissioning Editor, Documentaries',
    executive_role: 'commissioner',
    scope: ['Global'],
    effective_date: '2024-02-12',
    signing_authority: false,
    budget_limit: 300_000,
    bio: 'Single documentaries and series for the international slate.',
  },
  'helena-duarte': {
    name: 'Helena Duarte',
    title: 'Show Lead, Rivals',
    executive_role: 'show_lead',
    scope: ['EMEA'],
    effective_date: '2024-10-01',
    bio: 'Creator and lead writer of Rivals.',
  },
  'callum-reid': {
    name: 'Callum Reid',
    title: 'Showrunner',
    executive_role: 'show_lead',
    scope: ['UK'],
    effective_date: '2023-06-19',
    bio: 'Showrunner of Vault 9; directed the first two blocks of Harbour Lights.',
  },
  'yusuf-adeyemi': {
    name: 'Yusuf Adeyemi',
    title: 'Show Lead, Comedy',
    executive_role: 'show_lead',
    scope: ['UK'],
    effective_date: '2025-04-01',
    bio: 'Writer-performer, leads Small Print.',
  },
  'nora-lindqvist': {
    name: 'Nora Lindqvist',
    title: 'Executive Producer, Nordic Drama',
    executive_role: 'executive_producer',
    scope: ['Nordics'],
    effective_date: '2021-08-23',
    signing_authority: true,
    budget_limit: 600_000,
    bio: 'Executive producer of The Long Water and Northern Skies.',
  },
  'david-okonkwo': {
    name: 'David Okonkwo',
    title: 'Executive Producer',
    executive_role: 'executive_producer',
    scope: ['UK', 'IE'],
    effective_date: '2020-05-04',
    signing_authority: true,
    budget_limit: 600_000,
    bio: 'Looks after returning series across drama and factual.',
  },
  'sofia-marchetti': {
    name: 'Sofia Marchetti',
    title: 'Head of Acquisitions',
    executive_role: 'acquisitions',
    scope: ['EMEA', 'North America'],
    effective_date: '2022-01-10',
    signing_authority: true,
    budget_limit: 3_000_000,
    bio: 'Buys finished programmes and sells Northlight’s own at the markets.',
  },
  'benedikt-krause': {
    name: 'Benedikt Krause',
    title: 'Acquisitions Manager',
    executive_role: 'acquisitions',
    scope: ['DACH'],
    effective_date: '2024-07-01',
    signing_authority: false,
    budget_limit: 150_000,
    bio: 'Acquisitions and sales for Germany, Austria and Switzerland.',
  },
  'grace-whitfield': {
    name: 'Grace Whitfield',
    title: 'General Counsel',
    executive_role: 'legal',
    scope: ['Global'],
    effective_date: '2019-09-02',
    signing_authority: true,
    budget_limit: 5_000_000,
    bio: 'Leads legal and business affairs; countersigns every commission above a million.',
  },
  'oliver-penrose': {
    name: 'Oliver Penrose',
    title: 'Business Affairs Manager',
    executive_role: 'legal',
    scope: ['UK', 'IE'],
    effective_date: '2023-10-16',
    signing_authority: false,
    bio: 'Talent deals, residuals and rights clearances.',
  },
} satisfies Record<string, Person>;

export type PersonSlug = keyof typeof PEOPLE;
