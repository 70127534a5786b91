import type { PersonSlug } from './people';

export interface ExecutiveRole {
  name: string;
  holder: PersonSlug;
  scope: string[];
  effective_date: string;
}

/** Positions at Northlight with a say in what is made, bought or signed. */
export const ROLES: ExecutiveRole[] = [
  {
    name: 'Head of Scripted',
    holder: 'lee-mason',
    scope: ['EMEA'],
    effective_date: '2024-09-01',
  },
  {
    name: 'Head of Nordic Drama',
    holder: 'ingrid-solberg',
    scope: ['Nordics'],
    effective_date: '2023-03-15',
  },
  {
    name: 'Head of Comedy',
    holder: 'tom-aldous',
    scope: ['UK'],
    effective_date: '2022-11-01',
  },
  {
    name: 'Head of Acquisitions',
    holder: 'sofia-marchetti',
    scope: ['EMEA', 'North America'],
    effective_date: '2022-01-10',
  },
  {
    name: 'General Counsel',
    holder: 'grace-whitfield',
    scope: ['Global'],
    effective_date: '2019-09-02',
  },
];
