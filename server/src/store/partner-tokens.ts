import { chunksOf } from './case-by-id';
import { toDateOrNull, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** Tokens named in one statement. */
const TOUCH_CHUNK = 100;

/** A partner's token as it is stored: never the token itself. */
export interface PartnerTokenRow {
  tokenId: string;
  partnerId: string;
  name: string;
  prefix: string;
  /** SHA-256 of the token, hex. */
  hash: string;
  scopes: string[];
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
}

export async function insertPartnerToken(trx: Database, row: PartnerTokenRow): Promise<void> {
  await trx(TABLES.partnerTokens).insert({
    token_id: row.tokenId,
    partner_id: row.partnerId,
    name: row.name,
    prefix: row.prefix,
    hash: row.hash,
    scopes: JSON.stringify(row.scopes),
    expires_at: row.expiresAt?.getTime() ?? null,
    last_used_at: row.lastUsedAt?.getTime() ?? null,
    created_at: row.createdAt.getTime(),
  });
}

/** A partner's tokens, the newest first. */
export async function listPartnerTokens(
  db: Database,
  partnerId: string,
): Promise<PartnerTokenRow[]> {
  const rows = (await db(TABLES.partnerTokens)
    .where({ partner_id: partnerId })
    .orderBy('id', 'desc')
    .select('*')) as Record<string, unknown>[];
  return rows.map(toToken);
}

export async function findPartnerToken(
  db: Database,
  tokenId: string,
): Promise<PartnerTokenRow | null> {
  const row = await db(TABLES.partnerTokens)
    .where({ token_id: tokenId })
    .first<Record<string, unknown> | undefined>('*');
  return row ? toToken(row) : null;
}

/** All tokens of all partners. */
export async function loadPartnerTokens(db: Database): Promise<PartnerTokenRow[]> {
  const rows = (await db(TABLES.partnerTokens).select('*')) as Record<string, unknown>[];
  return rows.map(toToken);
}

/**
 * Deletes a token and what was counted of it.
 *
 * @returns false when the partner has no such token.
 */
export async function deletePartnerToken(
  trx: Database,
  { partnerId, tokenId }: { partnerId: string; tokenId: string },
): Promise<boolean> {
  const which = { partner_id: partnerId, token_id: tokenId };
  if ((await trx(TABLES.partnerTokens).where(which).delete()) === 0) return false;
  await trx(TABLES.tokenUses).where({ token_id: tokenId }).delete();
  await trx(TABLES.feedReads).where({ token_id: tokenId }).delete();
  return true;
}

/** Keeps when tokens were used last, unless that is known of since: once a minute, whatever the number of processes. */
export async function touchPartnerTokens(
  db: Database,
  input: { tokenIds: string[]; now: Date; knownSince: Date },
): Promise<void> {
  for (const chunk of chunksOf(input.tokenIds, TOUCH_CHUNK)) {
    await db(TABLES.partnerTokens)
      .whereIn('token_id', chunk)
      .where((old) =>
        old.whereNull('last_used_at').orWhere('last_used_at', '<', input.knownSince.getTime()),
      )
      .update({ last_used_at: input.now.getTime() });
  }
}

function toToken(row: Record<string, unknown>): PartnerTokenRow {
  return {
    tokenId: row['token_id'] as string,
    partnerId: row['partner_id'] as string,
    name: row['name'] as string,
    prefix: row['prefix'] as string,
    hash: row['hash'] as string,
    scopes: JSON.parse(row['scopes'] as string) as string[],
    expiresAt: toDateOrNull(row['expires_at']),
    lastUsedAt: toDateOrNull(row['last_used_at']),
    createdAt: new Date(toNumber(row['created_at'])),
  };
}
