import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { readPage } from './page';
import type { Page, PageInput } from './page';
import { TABLES } from './tables';

export type SubscriptionRowState = 'sandbox' | 'active' | 'paused' | 'disabled';

/** Who has paused a subscription, and so lets it go on. */
export type PausedBy = 'admin' | 'partner' | 'breaker' | 'suspension';

/** A subscription as it is stored. `settings` is the validated resource; header values stand encrypted beside it. */
export interface SubscriptionRow {
  id: string;
  name: string;
  state: SubscriptionRowState;
  stateReason: string | null;
  /** Nothing is sent before this instant (`Retry-After`). */
  heldUntil: Date | null;
  settings: unknown;
  partnerId: string | null;
  /** Null where it is not paused. */
  pausedBy: PausedBy | null;
  /** When a pause that a partner has asked for ends. */
  pausedUntil: Date | null;
  encryptedHeaders: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export interface NewKey {
  kid: string;
  subscriptionId: string;
  encryptedSecret: string;
  current: boolean;
}

export interface KeyRow extends NewKey {
  createdAt: Date;
  /** When a key that is on its way out stops signing; null for the current one. */
  expiresAt: Date | null;
}

export async function insertSubscription(trx: Database, row: SubscriptionRow): Promise<void> {
  await trx(TABLES.subscriptions).insert({ id: row.id, ...columnsOf(row) });
}

/** Overwrites all of a subscription but its id. */
export async function updateSubscription(trx: Database, row: SubscriptionRow): Promise<void> {
  await trx(TABLES.subscriptions).where({ id: row.id }).update(columnsOf(row));
}

/** @returns null when there is none. With `lock` the row stays locked until the transaction ends (not on SQLite). */
export async function findSubscription(
  db: Database,
  id: string,
  { lock }: { lock: boolean } = { lock: false },
): Promise<SubscriptionRow | null> {
  const query = db(TABLES.subscriptions).where({ id }).first('*');
  const row = (await (lock ? query.forUpdate() : query)) as Record<string, unknown> | undefined;
  return row ? toSubscription(row) : null;
}

/** Newest first. */
export async function listSubscriptions(
  db: Database,
  filters: { state: string | null },
  page: PageInput,
): Promise<Page<SubscriptionRow>> {
  const query = db(TABLES.subscriptions).select('*');
  if (filters.state !== null) {
    void query.where({ state: filters.state });
  }
  const { rows, hasMore } = await readPage(db, query, {
    ...page,
    table: TABLES.subscriptions,
    publicId: 'id',
  });
  return { rows: rows.map(toSubscription), hasMore };
}

/** All subscriptions with their keys, for routing and sending. */
export async function loadSubscriptions(
  db: Database,
): Promise<{ subscription: SubscriptionRow; keys: KeyRow[] }[]> {
  const rows = (await db(TABLES.subscriptions).orderBy('id').select('*')) as Record<
    string,
    unknown
  >[];
  const keys = (await db(TABLES.keys).orderBy('kid').select('*')) as Record<string, unknown>[];
  return rows.map((row) => {
    const subscription = toSubscription(row);
    return {
      subscription,
      keys: keys.map(toKey).filter((key) => key.subscriptionId === subscription.id),
    };
  });
}

export async function insertKey(trx: Database, key: NewKey, now: Date): Promise<void> {
  await trx(TABLES.keys).insert({
    kid: key.kid,
    subscription_id: key.subscriptionId,
    encrypted_secret: key.encryptedSecret,
    current: key.current,
    created_at: now.getTime(),
  });
}

/**
 * The keys of a subscription, the newest first. With `lock` they are locked until the transaction ends, and read as they
 * are now: MySQL would else show them as they were when the transaction first looked at anything.
 */
export async function listKeys(
  db: Database,
  subscriptionId: string,
  { lock }: { lock: boolean } = { lock: false },
): Promise<KeyRow[]> {
  const query = db(TABLES.keys)
    .where({ subscription_id: subscriptionId })
    .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'kid' }])
    .select('*');
  const rows = (await (lock ? query.forUpdate() : query)) as Record<string, unknown>[];
  return rows.map(toKey);
}

/** Deletes a subscription, its keys and what its owner was told. What it is still owed is orphaned: see cancel-orphans.ts. */
export async function deleteSubscription(trx: Database, id: string): Promise<void> {
  await trx(TABLES.keys).where({ subscription_id: id }).delete();
  await trx(TABLES.ownerMails).where({ subscription_id: id }).delete();
  await trx(TABLES.subscriptions).where({ id }).delete();
}

function columnsOf(row: SubscriptionRow) {
  return {
    name: row.name,
    state: row.state,
    state_reason: row.stateReason,
    held_until: row.heldUntil?.getTime() ?? null,
    settings: JSON.stringify(row.settings),
    partner_id: row.partnerId,
    paused_by: row.pausedBy,
    paused_until: row.pausedUntil?.getTime() ?? null,
    encrypted_headers: row.encryptedHeaders,
    created_at: row.createdAt.getTime(),
    updated_at: row.updatedAt.getTime(),
  };
}

/** Reads a row of the table. */
export function toSubscription(row: Record<string, unknown>): SubscriptionRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    state: row['state'] as SubscriptionRowState,
    stateReason: row['state_reason'] as string | null,
    heldUntil: toDateOrNull(row['held_until']),
    settings: JSON.parse(row['settings'] as string),
    partnerId: row['partner_id'] as string | null,
    pausedBy: row['paused_by'] as PausedBy | null,
    pausedUntil: toDateOrNull(row['paused_until']),
    encryptedHeaders: row['encrypted_headers'] as string | null,
    createdAt: new Date(toNumber(row['created_at'])),
    updatedAt: new Date(toNumber(row['updated_at'])),
  };
}

function toKey(row: Record<string, unknown>): KeyRow {
  return {
    kid: row['kid'] as string,
    subscriptionId: row['subscription_id'] as string,
    encryptedSecret: row['encrypted_secret'] as string,
    current: Boolean(row['current']),
    createdAt: new Date(toNumber(row['created_at'])),
    expiresAt: toDateOrNull(row['expires_at']),
  };
}
