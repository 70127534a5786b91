import type { Knex } from 'knex';
import { STATE, TABLES } from '../tables';
import { createTable, exactString, partialIndex } from './schema';

export const name = '009-partners-and-feeds';

/** Release positions beside sequence numbers; partners, their tokens, feeds with what is prepared for them, and callbacks. */
export async function up(trx: Knex): Promise<void> {
  await releasePositions(trx);
  await createPartners(trx);
  await createFeeds(trx);
  await createCallbacks(trx);
  await trx.schema.alterTable(TABLES.subscriptions, (table) => {
    table.string('partner_id', 36).nullable().index('newswire_subscriptions_partner');
    /** Who has paused it: `admin`, `partner`, `breaker` or `suspension`. */
    table.string('paused_by', 12).nullable();
    /** When a pause that a partner asked for ends by itself. */
    table.bigInteger('paused_until').nullable();
  });
  await trx(TABLES.subscriptions)
    .where({ state: 'paused' })
    .update({ paused_by: trx.raw("case when probe_at is null then 'admin' else 'breaker' end") });
}

/**
 * What readers outside go by. An event that needs no approval is released as it gets its sequence number; one that does, when
 * it is approved, behind all that was released before.
 */
async function releasePositions(trx: Knex): Promise<void> {
  await trx.schema.alterTable(TABLES.state, (table) => {
    /** In the row of the sequence, so that one lock holds both: the last release number given. */
    table.bigInteger('released').notNullable().defaultTo(0);
  });
  await trx.schema.alterTable(TABLES.events, (table) => {
    table.bigInteger('release_number').nullable();
    table.bigInteger('released_at').nullable();
    /** Null: none needed. Else `pending`, `approved` or `rejected`. */
    table.string('approval', 10).nullable();
  });
  await trx(TABLES.events)
    .whereNotNull('sequence_number')
    .update({
      release_number: trx.ref('sequence_number'),
      released_at: trx.ref('produced_at'),
    });
  await trx(TABLES.state)
    .where({ name: STATE.sequence })
    .update({ released: trx.ref('value') });
  await trx.schema.alterTable(TABLES.events, (table) => {
    table.unique(['release_number'], { indexName: 'newswire_events_release_number' });
  });
  await partialIndex(trx, {
    table: TABLES.events,
    name: 'newswire_events_approval',
    columns: ['approval', 'id'],
    where: 'approval is not null and release_number is null',
    mysqlLead: [],
  });
}

async function createPartners(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.partners, (table) => {
    table.bigIncrements('id');
    table.string('partner_id', 36).notNullable().unique('newswire_partners_partner_id');
    table.string('name', 200).notNullable();
    table.string('state', 10).notNullable();
    /** JSON of the validated resource. */
    table.text('settings', 'longtext').notNullable();
    /** Under which personal data is made pseudonymous for this partner alone. */
    table.text('encrypted_pseudonym_key').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  await createTable(trx, TABLES.partnerTokens, (table) => {
    table.bigIncrements('id');
    table.string('token_id', 36).notNullable().unique('newswire_partner_tokens_token_id');
    table.string('partner_id', 36).notNullable().index('newswire_partner_tokens_partner');
    table.string('name', 200).notNullable();
    /** The token's beginning, by which it is found; the rest is compared by hash. */
    table.string('prefix', 16).notNullable().unique('newswire_partner_tokens_prefix');
    /** SHA-256 of the whole token, hex. */
    table.string('hash', 64).notNullable();
    /** JSON list. */
    table.text('scopes').notNullable();
    table.bigInteger('expires_at').nullable();
    table.bigInteger('last_used_at').nullable();
    table.bigInteger('created_at').notNullable();
  });
  /** Requests of a token by minute since 1970: what its rate limit is counted by, across processes. */
  await createTable(trx, TABLES.tokenUses, (table) => {
    table.string('token_id', 36).notNullable();
    table.bigInteger('minute').notNullable();
    table.integer('requests').notNullable();
    table.primary(['token_id', 'minute']);
    table.index(['minute'], 'newswire_token_uses_minute');
  });
  /** How far a token has read a feed. */
  await createTable(trx, TABLES.feedReads, (table) => {
    table.string('token_id', 36).notNullable();
    table.string('feed_id', 36).notNullable();
    table.string('partner_id', 36).notNullable().index('newswire_feed_reads_partner');
    table.bigInteger('release_number').notNullable();
    /** Of the last event that was read; null before the first. */
    table.bigInteger('sequence_number').nullable();
    table.bigInteger('read_at').notNullable();
    table.primary(['token_id', 'feed_id']);
    table.index(['feed_id'], 'newswire_feed_reads_feed');
  });
}

async function createFeeds(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.feeds, (table) => {
    table.bigIncrements('id');
    table.string('feed_id', 36).notNullable().unique('newswire_feeds_feed_id');
    table.string('slug', 100).notNullable().unique('newswire_feeds_slug');
    /** JSON of the validated resource. */
    table.text('settings', 'longtext').notNullable();
    /** Under which its cursors are authenticated. */
    table.text('encrypted_cursor_key').notNullable();
    /** Why an event could not be brought into the feed's shape, the last time. */
    table.string('problem', 500).nullable();
    table.bigInteger('problem_at').nullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('updated_at').notNullable();
  });
  /** A rule (a feed's filter, and what its reader may have), and how far the log was looked through by it. */
  await createTable(trx, TABLES.feedViews, (table) => {
    table.bigIncrements('id');
    /** SHA-256 of the rule, hex. */
    table.string('digest', 64).notNullable().unique('newswire_feed_views_digest');
    /** Release number: everything up to it is in the items. */
    table.bigInteger('indexed_until').notNullable();
    table.bigInteger('used_at').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  /** The released events that a view shows. */
  await createTable(trx, TABLES.feedItems, (table) => {
    table.bigInteger('view_ref').notNullable();
    table.bigInteger('release_number').notNullable();
    table.bigInteger('event_ref').notNullable();
    table.primary(['view_ref', 'release_number']);
  });
  /** The newest of these events about each subject. */
  await createTable(trx, TABLES.feedRecords, (table) => {
    table.bigInteger('view_ref').notNullable();
    /** SHA-256 of the subject's type, id and locale, hex. */
    table.string('subject_key', 64).notNullable();
    table.string('subject_id', 100).notNullable();
    table.bigInteger('release_number').notNullable();
    table.bigInteger('event_ref').notNullable();
    table.primary(['view_ref', 'subject_key']);
    table.index(['view_ref', 'subject_id'], 'newswire_feed_records_subject');
  });
}

async function createCallbacks(trx: Knex): Promise<void> {
  await createTable(trx, TABLES.callbacks, (table) => {
    table.bigIncrements('id');
    table.string('partner_id', 36).notNullable();
    exactString(trx, table, { name: 'idempotency_key', length: 200 }).notNullable();
    /** The event that it became. */
    table.string('event_id', 36).notNullable();
    table.string('event_type', 200).notNullable();
    /** The event that it answers. */
    table.string('in_reply_to', 36).nullable();
    /** Of `content.rejected`: why. */
    table.string('reason', 500).nullable();
    table.bigInteger('received_at').notNullable();
    table.unique(['partner_id', 'idempotency_key'], { indexName: 'newswire_callbacks_key' });
    table.index(['in_reply_to'], 'newswire_callbacks_in_reply_to');
  });
  /** What partners have reported of plays and advertisements, by title and day. */
  await createTable(trx, TABLES.consumption, (table) => {
    table.string('partner_id', 36).notNullable();
    table.string('event_type', 64).notNullable();
    exactString(trx, table, { name: 'content_id', length: 100 }).notNullable();
    /** `2026-01-17`, UTC. */
    table.string('day', 10).notNullable();
    table.bigInteger('count').notNullable();
    table.primary(['partner_id', 'event_type', 'content_id', 'day']);
    table.index(['content_id', 'day'], 'newswire_consumption_content');
    table.index(['day', 'content_id'], 'newswire_consumption_day');
  });
  /** Licences that partners have accepted. */
  await createTable(trx, TABLES.acceptances, (table) => {
    table.string('event_id', 36).primary();
    table.string('offer_event_id', 36).notNullable().index('newswire_acceptances_offer');
    exactString(trx, table, { name: 'title_id', length: 100 })
      .notNullable()
      .index('newswire_acceptances_title');
    table.string('partner_id', 36).notNullable();
    table.boolean('exclusive').notNullable();
    /** JSON list; empty: all of them. */
    table.text('territories').notNullable();
    /** From the first window's beginning to the last one's end; null: open. */
    table.bigInteger('starts_at').nullable();
    table.bigInteger('ends_at').nullable();
    table.bigInteger('accepted_at').notNullable();
  });
  await trx(TABLES.state).insert({ name: STATE.acceptances, value: 0 });
  await trx.schema.alterTable(TABLES.deliveries, (table) => {
    /** Until when a callback is expected of a delivery that was answered with 202. */
    table.bigInteger('callback_due_at').nullable();
  });
  await partialIndex(trx, {
    table: TABLES.deliveries,
    name: 'newswire_deliveries_callback',
    columns: ['callback_due_at'],
    where: 'callback_due_at is not null',
    mysqlLead: [],
  });
}
