/**
 * Errors of a database or its connection after which the same work may well succeed: lost connections, deadlocks,
 * serialisation failures, a server that restarts, a busy SQLite file. PostgreSQL appendix A; MySQL error reference;
 * SQLite result codes.
 */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  '08000',
  '08003',
  '08006',
  '40001',
  '40P01',
  '53300',
  '55P03',
  '57P01',
  '57P02',
  '57P03',
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'PROTOCOL_CONNECTION_LOST',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  'SQLITE_LOCKED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** A lost connection, in the drivers' words where they give no code; knex puts the statement in front of them. */
const LOST_CONNECTION =
  /(^| - )(Connection terminated( unexpectedly)?|Client (has encountered a connection error|was closed) and is not queryable|Can't add new command when connection is in closed state)$/;

/** True for an error after which the work may be tried again; looks along `cause`. */
export function isTransientDatabaseError(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const code = 'code' in error ? String(error.code) : '';
  return (
    TRANSIENT_CODES.has(code) ||
    LOST_CONNECTION.test(error.message) ||
    error.name === 'KnexTimeoutError' ||
    isTransientDatabaseError(error.cause)
  );
}
