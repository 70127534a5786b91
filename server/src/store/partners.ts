import { toNumber } from './database';
import type { Database } from './database';
import { readPage } from './page';
import type { Page, PageInput } from './page';
import { TABLES } from './tables';

/** A partner as it is stored. `settings` is the validated resource. */
export interface PartnerRow {
  partnerId: string;
  name: string;
  state: 'active' | 'suspended';
  settings: unknown;
  encryptedPseudonymKey: string;
  createdAt: Date;
  updatedAt: Date;
}

export async function insertPartner(trx: Database, row: PartnerRow): Promise<void> {
  await trx(TABLES.partners).insert({ partner_id: row.partnerId, ...columnsOf(row) });
}

/** Overwrites all of a partner but its id. */
export async function updatePartner(trx: Database, row: PartnerRow): Promise<void> {
  await trx(TABLES.partners).where({ partner_id: row.partnerId }).update(columnsOf(row));
}

/** @returns null when there is none. With `lock` the row stays locked until the transaction ends (not on SQLite). */
export async function findPartner(
  db: Database,
  partnerId: string,
  { lock }: { lock: boolean } = { lock: false },
): Promise<PartnerRow | null> {
  const query = db(TABLES.partners).where({ partner_id: partnerId }).first('*');
  const row = (await (lock ? query.forUpdate() : query)) as Record<string, unknown> | undefined;
  return row ? toPartner(row) : null;
}

/** Newest first. */
export async function listPartners(
  db: Database,
  filters: { state: string | null },
  page: PageInput,
): Promise<Page<PartnerRow>> {
  const query = db(TABLES.partners).select('*');
  if (filters.state !== null) {
    void query.where({ state: filters.state });
  }
  const { rows, hasMore } = await readPage(db, query, {
    ...page,
    table: TABLES.partners,
    publicId: 'partner_id',
  });
  return { rows: rows.map(toPartner), hasMore };
}

/** Deletes a partner, its tokens, and what they have counted and read. */
export async function deletePartner(trx: Database, partnerId: string): Promise<void> {
  const tokens = trx(TABLES.partnerTokens).where({ partner_id: partnerId }).select('token_id');
  await trx(TABLES.tokenUses).whereIn('token_id', tokens).delete();
  await trx(TABLES.feedReads).where({ partner_id: partnerId }).delete();
  await trx(TABLES.partnerTokens).where({ partner_id: partnerId }).delete();
  await trx(TABLES.partners).where({ partner_id: partnerId }).delete();
}

/** All partners, for routing, sending and reading. */
export async function loadPartners(db: Database): Promise<PartnerRow[]> {
  const rows = (await db(TABLES.partners).orderBy('id').select('*')) as Record<string, unknown>[];
  return rows.map(toPartner);
}

function columnsOf(row: PartnerRow) {
  return {
    name: row.name,
    state: row.state,
    settings: JSON.stringify(row.settings),
    encrypted_pseudonym_key: row.encryptedPseudonymKey,
    created_at: row.createdAt.getTime(),
    updated_at: row.updatedAt.getTime(),
  };
}

function toPartner(row: Record<string, unknown>): PartnerRow {
  return {
    partnerId: row['partner_id'] as string,
    name: row['name'] as string,
    state: row['state'] as PartnerRow['state'],
    settings: JSON.parse(row['settings'] as string),
    encryptedPseudonymKey: row['encrypted_pseudonym_key'] as string,
    createdAt: new Date(toNumber(row['created_at'])),
    updatedAt: new Date(toNumber(row['updated_at'])),
  };
}

/** Those of these ids that no partner has. */
export async function missingPartners(db: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db(TABLES.partners)
    .whereIn('partner_id', [...ids])
    .select<{ partner_id: string }[]>('partner_id');
  const known = new Set(rows.map((row) => row.partner_id));
  return ids.filter((id) => !known.has(id));
}
