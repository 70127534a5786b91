/**
 * Newswire's tables. They are raw tables made by the plugin's own migrations: they survive disabling the plugin,
 * `strapi import` and transfer, which drop or replace the tables of content types and models.
 *
 * Every instant is a bigint of milliseconds since 1970 (UTC), which all three databases keep exactly.
 */
export const TABLES = {
  migrations: 'newswire_migrations',
  state: 'newswire_state',
  events: 'newswire_events',
  subscriptions: 'newswire_subscriptions',
  keys: 'newswire_keys',
  deliveries: 'newswire_deliveries',
  attempts: 'newswire_attempts',
  leases: 'newswire_leases',
  batchItems: 'newswire_batch_items',
  producerKeys: 'newswire_producer_keys',
  clientCertificates: 'newswire_client_certificates',
  replays: 'newswire_replays',
  ownerMails: 'newswire_owner_mails',
  slaCounts: 'newswire_sla_counts',
  slaBreaches: 'newswire_sla_breaches',
  moments: 'newswire_moments',
  schemas: 'newswire_schemas',
  partners: 'newswire_partners',
  partnerTokens: 'newswire_partner_tokens',
  tokenUses: 'newswire_token_uses',
  feeds: 'newswire_feeds',
  feedReads: 'newswire_feed_reads',
  feedViews: 'newswire_feed_views',
  feedItems: 'newswire_feed_items',
  feedRecords: 'newswire_feed_records',
  callbacks: 'newswire_callbacks',
  consumption: 'newswire_consumption',
  acceptances: 'newswire_acceptances',
} as const;

/**
 * Rows of `newswire_state`: the last sequence number given (and the last release number beside it), a number that grows with
 * each configuration change, three that are there to be locked (by who changes the installation's key pairs, by who encrypts
 * secrets again, and by who accepts a licence), the instant up to which deliveries with a deadline have been counted, and the
 * fingerprint of the definitions for which the moments of all documents have been looked for.
 */
export const STATE = {
  sequence: 'sequence',
  configVersion: 'config_version',
  producerKeys: 'producer_keys',
  encryption: 'encryption',
  slaCountedUntil: 'sla_counted_until',
  scheduledMoments: 'scheduled_moments',
  acceptances: 'acceptances',
} as const;
