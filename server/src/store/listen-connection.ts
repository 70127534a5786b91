import type { Database } from './database';

/** What is used of a connection of the driver `pg`, which knows no types of its own. */
interface RawConnection {
  query(sql: string, values?: unknown[]): Promise<unknown>;
  on(event: 'notification', listener: (message: { payload?: string }) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
  unref(): void;
  connection: { stream: { destroy(): void } };
}

/** A connection that listens on one channel of PostgreSQL and notifies it. */
export interface ListenConnection {
  /** Tells all that listen, this connection included. Rejects when the connection is lost. */
  notify(payload: string): Promise<void>;
  /** Ends it, in order where the server still answers. Never rejects. */
  close(): Promise<void>;
}

/** How long a server may take to say goodbye. */
const GOODBYE_MS = 1_000;

/**
 * Opens a connection of its own, beside knex's pool, as knex opens those: a listening one must not go back to a pool,
 * and none of the pool's must be lost to it. It does not keep the process alive.
 *
 * @throws the driver's error, where there is no connection to be had or the server does not take `LISTEN`.
 */
export async function openListenConnection(
  db: Database,
  input: {
    /** A plain lower-case name: it stands in the statement itself. */
    channel: string;
    heard(payload: string): void;
    /** The connection was lost. */
    ended(error: Error): void;
  },
): Promise<ListenConnection> {
  const connection = await (
    db.client as { acquireRawConnection(): Promise<RawConnection> }
  ).acquireRawConnection();
  connection.unref();
  connection.on('notification', ({ payload = '' }) => input.heard(payload));
  // The driver tells of every end that was not asked for as an error.
  connection.on('error', (error) => input.ended(error));
  const close = () => closed(connection);
  try {
    await connection.query(`listen ${input.channel}`);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    notify: async (payload) => {
      await connection.query('select pg_notify($1, $2)', [input.channel, payload]);
    },
    close,
  };
}

/** A half-dead connection answers no goodbye: its socket is destroyed. */
async function closed(connection: RawConnection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
    timer.unref();
  });
  // What goes wrong on a connection that is given up is nobody's concern any more.
  await Promise.race([connection.end().catch(() => undefined), tooLong]);
  clearTimeout(timer);
  connection.connection.stream.destroy();
}
