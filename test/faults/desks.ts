import type { CreateSubscription } from '../../server/src/contracts/subscription';
import { ASSIGNMENT } from './assignment';
import type { Fact } from './books';

/** A subscription of the tests, and in the tests' own words which events it is to get. */
export interface Desk {
  name: string;
  settings: Omit<CreateSubscription, 'name' | 'destination'> & {
    destination?: Omit<CreateSubscription['destination'], 'url'>;
  };
  /** Says it again, without the product's patterns and filters: what the ledger is held against. */
  wants(fact: Fact): boolean;
  /** What must arrive in the order of the log: the events of a subject, all, or nothing. */
  order: 'subject' | 'all' | 'none';
}

const RETRY = Array.from({ length: 12 }, (_, n) => (n === 0 ? 0 : 0.5));

/** One to what is created. */
export const CONTRACTS: Desk = {
  name: 'Contracts desk',
  settings: { event_types: ['entry.created'], delivery: { retry: [0, 1, 1, 1, 1, 1] } },
  wants: ({ type }) => type === 'entry.created',
  order: 'subject',
};

/** Every kind of order, filter, coalescing and batching, side by side. */
export const ALL_DESKS: Desk[] = [
  {
    name: 'Everything, by subject',
    settings: { event_types: ['entry.*'], delivery: { retry: RETRY } },
    wants: ({ type }) => type.startsWith('entry.'),
    order: 'subject',
  },
  {
    name: 'New and gone, in any order',
    settings: {
      event_types: ['entry.created', 'entry.deleted'],
      delivery: { retry: RETRY, order: 'none' },
    },
    wants: ({ type }) => type === 'entry.created' || type === 'entry.deleted',
    order: 'none',
  },
  {
    name: 'Dates, strictly in order',
    settings: {
      event_types: ['*.updated'],
      filter: { changed: ['start_date', 'end_date'] },
      delivery: { retry: RETRY, order: 'strict' },
    },
    wants: ({ type, dates }) => type === 'entry.updated' && dates,
    order: 'all',
  },
  {
    name: 'The newest of each',
    settings: {
      event_types: ['entry.updated'],
      delivery: { retry: RETRY, coalesce_seconds: 0.5 },
    },
    wants: ({ type }) => type === 'entry.updated',
    order: 'subject',
  },
  {
    name: 'Batches',
    settings: {
      event_types: ['entry.*'],
      filter: { subject_types: [ASSIGNMENT.uid] },
      shape: { batch: { max_items: 7, max_wait_seconds: 0.3 } },
      delivery: { retry: RETRY },
    },
    wants: ({ type, subjectType }) => type.startsWith('entry.') && subjectType === ASSIGNMENT.uid,
    order: 'all',
  },
  {
    name: 'Another type of content',
    settings: { event_types: ['entry.*'], filter: { subject_types: ['api::person.person'] } },
    wants: ({ subjectType }) => subjectType === 'api::person.person',
    order: 'subject',
  },
];
