import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { buildConnector, Pool } from 'undici';
import { checkAddress, type AllowList } from './address-policy';
import { BlockedAddressError, checkedLookup, type Resolve } from './checked-lookup';
import type { ClientCertificate } from './client-certificate';

/**
 * Sockets to one endpoint at once. Slow endpoints want hundreds (measured: at 50 ms an answer, 64 sockets carry
 * 1,230 deliveries/s and 256 carry 4,660); a fast one uses few, since a socket is opened only when none is free.
 */
const CONNECTIONS_PER_ORIGIN = 256;

/** A connection that takes longer is given up, so that a dead host does not hold half-open sockets. */
const CONNECT_TIMEOUT_MS = 10_000;

/** The most that is read of an answer's header section; a longer one is an error. */
const MAX_HEADER_BYTES = 16 * 1024;

/** A pool without a socket or request for this long is dropped when the next new endpoint comes. */
const IDLE_POOL_MS = 60_000;

export interface ConnectionOptions {
  allow: AllowList;
  resolve?: Resolve | undefined;
  connectionsPerOrigin?: number | undefined;
  /** Authorities (PEM) beside node's own that may have signed an endpoint's certificate. */
  certificateAuthorities?: readonly string[] | undefined;
}

/** Keep-alive sockets, a pool per origin and client certificate. */
export interface Connections {
  /** The pool of an origin such as `https://hooks.example.com`, whose sockets show the certificate, if there is one. */
  pool(origin: string, certificate?: ClientCertificate | null): Pool;
  /** Ends all sockets, and what is still under way on them. */
  destroy(): Promise<void>;
}

/** Pools whose sockets go nowhere that the network policy refuses. */
export function openConnections(options: ConnectionOptions): Connections {
  const lookup = checkedLookup(options.allow, options.resolve);
  const plain = checkedConnector(options, { lookup });
  const pools = new Map<string, { pool: Pool; usedAt: number }>();

  const open = (origin: string, certificate: ClientCertificate | null) =>
    new Pool(origin, {
      // A connector of its own: one keeps TLS sessions, and a resumed session is the identity it was opened with.
      connect: certificate ? checkedConnector(options, { lookup, certificate }) : plain,
      connections: options.connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN,
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      // The deadline over the whole exchange stands in for both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });

  return {
    pool(origin, certificate = null) {
      const usedAt = performance.now();
      const key = certificate ? `${origin} ${certificate.id}` : origin;
      const known = pools.get(key);
      if (known) {
        known.usedAt = usedAt;
        return known.pool;
      }
      dropIdle(pools, usedAt - IDLE_POOL_MS);
      const pool = open(origin, certificate);
      pools.set(key, { pool, usedAt });
      return pool;
    },
    async destroy() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
}

function dropIdle(pools: Map<string, { pool: Pool; usedAt: number }>, before: number): void {
  for (const [key, { pool, usedAt }] of pools) {
    if (usedAt > before || pool.stats.connected > 0 || pool.stats.size > 0) continue;
    pools.delete(key);
    // Not awaited: it has neither a socket nor a request, so there is nothing to wait for and nothing to fail.
    void pool.close();
  }
}

/** undici's connector with the address check: names in the lookup, literal addresses here, where no lookup is. */
function checkedConnector(
  options: ConnectionOptions,
  input: { lookup: LookupFunction; certificate?: ClientCertificate },
): buildConnector.connector {
  const { lookup, certificate } = input;
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup,
    allowH2: false,
    minVersion: 'TLSv1.2',
    // Stated, because the environment variable NODE_TLS_REJECT_UNAUTHORIZED would switch it off otherwise.
    rejectUnauthorized: true,
    ...(certificate && { cert: certificate.certificate, key: certificate.privateKey }),
    ...(options.certificateAuthorities && {
      ca: [...rootCertificates, ...options.certificateAuthorities],
    }),
  });
  return (target, callback) => {
    const verdict =
      isIP(target.hostname) === 0 ? null : checkAddress(target.hostname, options.allow);
    if (verdict === null || verdict.allowed) return connect(target, callback);
    // Later, as a socket would: the pool is not ready for an answer while it is still asking.
    process.nextTick(callback, new BlockedAddressError(verdict.reason), null);
  };
}
