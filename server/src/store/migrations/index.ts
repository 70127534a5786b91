import type { Knex } from 'knex';
import * as eventLogAndDeliveries from './001-event-log-and-deliveries';
import * as fairClaims from './002-fair-claims';
import * as eventScope from './003-event-scope';
import * as signingKeysAndCertificates from './004-signing-keys-and-certificates';
import * as replaysAndOwnerMails from './005-replays-and-owner-mails';
import * as deadlinesAndTraces from './006-deadlines-and-traces';
import * as leasesOfClaims from './007-leases-of-claims';
import * as catalogue from './008-catalogue';
import * as partnersAndFeeds from './009-partners-and-feeds';

export interface Migration {
  name: string;
  up(trx: Knex): Promise<void>;
}

/** All migrations, in the order in which they run. A landed migration is never edited. */
export const MIGRATIONS: Migration[] = [
  eventLogAndDeliveries,
  fairClaims,
  eventScope,
  signingKeysAndCertificates,
  replaysAndOwnerMails,
  deadlinesAndTraces,
  leasesOfClaims,
  catalogue,
  partnersAndFeeds,
];
