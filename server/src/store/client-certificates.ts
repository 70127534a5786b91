import { toNumber } from './database';
import type { Database } from './database';
import { readPage } from './page';
import type { Page, PageInput } from './page';
import { TABLES } from './tables';

/** A certificate that is shown to endpoints (mTLS). Never changed: a new one has a new id. */
export interface ClientCertificateRow {
  id: string;
  name: string;
  /** PEM, with those between it and its authority. */
  certificate: string;
  encryptedPrivateKey: string;
  /** Hex SHA-256 of the certificate. */
  fingerprint: string;
  subject: string;
  notAfter: Date;
  createdAt: Date;
}

export async function insertClientCertificate(
  trx: Database,
  row: ClientCertificateRow,
): Promise<void> {
  await trx(TABLES.clientCertificates).insert({
    id: row.id,
    name: row.name,
    certificate: row.certificate,
    encrypted_private_key: row.encryptedPrivateKey,
    fingerprint: row.fingerprint,
    subject: row.subject,
    not_after: row.notAfter.getTime(),
    created_at: row.createdAt.getTime(),
  });
}

/**
 * @returns null when there is none. With `lock` it is locked until the transaction ends, so that it is not deleted while
 *   a subscription is being given it.
 */
export async function findClientCertificate(
  db: Database,
  id: string,
  { lock }: { lock: boolean } = { lock: false },
): Promise<ClientCertificateRow | null> {
  const query = db(TABLES.clientCertificates).where({ id }).first('*');
  const row = (await (lock ? query.forUpdate() : query)) as Record<string, unknown> | undefined;
  return row ? toRow(row) : null;
}

/** Newest first. */
export async function listClientCertificates(
  db: Database,
  page: PageInput,
): Promise<Page<ClientCertificateRow>> {
  const query = db(TABLES.clientCertificates).select('*');
  const table = TABLES.clientCertificates;
  const { rows, hasMore } = await readPage(db, query, { ...page, table, publicId: 'id' });
  return { rows: rows.map(toRow), hasMore };
}

/** All of them, for sending. */
export async function loadClientCertificates(db: Database): Promise<ClientCertificateRow[]> {
  const rows = (await db(TABLES.clientCertificates).select('*')) as Record<string, unknown>[];
  return rows.map(toRow);
}

export async function deleteClientCertificate(trx: Database, id: string): Promise<void> {
  await trx(TABLES.clientCertificates).where({ id }).delete();
}

function toRow(row: Record<string, unknown>): ClientCertificateRow {
  return {
    id: row['id'] as string,
    name: row['name'] as string,
    certificate: row['certificate'] as string,
    encryptedPrivateKey: row['encrypted_private_key'] as string,
    fingerprint: row['fingerprint'] as string,
    subject: row['subject'] as string,
    notAfter: new Date(toNumber(row['not_after'])),
    createdAt: new Date(toNumber(row['created_at'])),
  };
}
