import type { Knex } from 'knex';
import { dialectOf } from '../database';
import { STATE, TABLES } from '../tables';

export const name = '004-signing-keys-and-certificates';

export async function up(trx: Knex): Promise<void> {
  await trx.schema.createTable(TABLES.producerKeys, (table) => {
    onMysql(trx, table);
    table.string('kid', 64).primary();
    /** `x` of the public key (RFC 8037), base64url. */
    table.string('public_x', 64).notNullable();
    table.text('encrypted_private_key').notNullable();
    table.boolean('current').notNullable();
    table.bigInteger('created_at').notNullable();
    table.bigInteger('expires_at').nullable();
  });
  await trx.schema.createTable(TABLES.clientCertificates, (table) => {
    onMysql(trx, table);
    table.string('id', 36).primary();
    table.string('name', 200).notNullable();
    /** PEM: the certificate, then those between it and its authority. */
    table.text('certificate', 'longtext').notNullable();
    table.text('encrypted_private_key', 'longtext').notNullable();
    /** Hex SHA-256 of the certificate. */
    table.string('fingerprint', 64).notNullable();
    table.string('subject', 500).notNullable();
    table.bigInteger('not_after').notNullable();
    table.bigInteger('created_at').notNullable();
  });
  await trx(TABLES.state).insert([
    { name: STATE.producerKeys, value: 0 },
    { name: STATE.encryption, value: 0 },
  ]);
}

function onMysql(trx: Knex, table: Knex.CreateTableBuilder): void {
  if (dialectOf(trx) === 'mysql') {
    table.charset('utf8mb4');
    table.engine('InnoDB');
  }
}
