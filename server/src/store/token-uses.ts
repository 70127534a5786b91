import { chunksOf, INSERT_CHUNK } from './case-by-id';
import { dialectOf, toNumber } from './database';
import type { Database } from './database';
import { TABLES } from './tables';

/** Requests of one token in one minute since 1970. */
export interface TokenUses {
  tokenId: string;
  minute: number;
  requests: number;
}

/** Adds to what is there, in one order for all processes. */
export async function addTokenUses(db: Database, uses: readonly TokenUses[]): Promise<void> {
  const sorted = [...uses].sort((a, b) => order(a.tokenId, b.tokenId) || a.minute - b.minute);
  const sum =
    dialectOf(db) === 'mysql'
      ? db.raw('requests + values(requests)')
      : db.raw('?? + excluded.requests', [`${TABLES.tokenUses}.requests`]);
  for (const chunk of chunksOf(sorted, INSERT_CHUNK)) {
    await db(TABLES.tokenUses)
      .insert(
        chunk.map(({ tokenId, minute, requests }) => ({ token_id: tokenId, minute, requests })),
      )
      .onConflict(['token_id', 'minute'])
      .merge({ requests: sum });
  }
}

/** Requests of these tokens in one minute, counted by all processes. */
export async function readTokenUses(
  db: Database,
  { tokenIds, minute }: { tokenIds: string[]; minute: number },
): Promise<Map<string, number>> {
  const uses = new Map<string, number>();
  for (const chunk of chunksOf(tokenIds, INSERT_CHUNK)) {
    const rows = await db(TABLES.tokenUses)
      .where({ minute })
      .whereIn('token_id', chunk)
      .select<{ token_id: string; requests: unknown }[]>('token_id', 'requests');
    for (const row of rows) uses.set(row.token_id, toNumber(row.requests));
  }
  return uses;
}

/** Requests of a token from one minute to another, that not included. */
export async function sumTokenUses(
  db: Database,
  { tokenId, since, until }: { tokenId: string; since: number; until: number },
): Promise<number> {
  const row = await db(TABLES.tokenUses)
    .where({ token_id: tokenId })
    .where('minute', '>=', since)
    .where('minute', '<', until)
    .sum({ requests: 'requests' })
    .first<{ requests: unknown } | undefined>();
  return toNumber(row?.requests ?? 0);
}

export async function deleteTokenUses(db: Database, before: number): Promise<void> {
  await db(TABLES.tokenUses).where('minute', '<', before).delete();
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
