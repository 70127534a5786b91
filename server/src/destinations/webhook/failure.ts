import { errors } from 'undici';
import { INTERRUPTED, INVALID_ANSWER, INVALID_REQUEST } from '../../domain/outcome';

/** What an error of the socket, of TLS or of undici comes to, in the words that `judgeFailure` takes. */
export interface Failure {
  code: string;
  endpoint: string;
  detail: string | undefined;
}

/** undici's own codes, said in words that do not depend on the HTTP client. */
const UNDICI_CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_OVERFLOW: INVALID_ANSWER,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: INVALID_ANSWER,
  UND_ERR_INVALID_ARG: INVALID_REQUEST,
  UND_ERR_NOT_SUPPORTED: INVALID_REQUEST,
  UND_ERR_CLOSED: INTERRUPTED,
  UND_ERR_DESTROYED: INTERRUPTED,
};

/** What undici says of an answer that it does not take, with a code that also means a closed socket. */
const PROTOCOL_BREACH = /^bad (response|upgrade)$/;

/** Reads an error that ended an exchange with `host` (a name or address, with its port where that is not usual). */
export function readFailure(error: unknown, host: string): Failure {
  if (!(error instanceof Error)) return { code: 'unknown', endpoint: host, detail: String(error) };
  // All addresses of a name failed: each error says which, and the first speaks for them.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { code, address, port, hostname, message } = fields(first instanceof Error ? first : error);
  const endpoint = address === undefined ? (hostname ?? host) : hostAndPort(address, port);
  if (error instanceof errors.HTTPParserError || PROTOCOL_BREACH.test(message)) {
    return { code: INVALID_ANSWER, endpoint, detail: message };
  }
  return {
    code: UNDICI_CODES[code] ?? code,
    endpoint,
    detail: SELF_EXPLAINING.has(code) ? undefined : message,
  };
}

/** Codes whose sentence says all that node's message does. */
const SELF_EXPLAINING: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** What node adds to an Error that the system or TLS caused. */
function fields(
  error: Error & {
    code?: unknown;
    address?: unknown;
    port?: unknown;
    hostname?: unknown;
    reason?: unknown;
  },
) {
  return {
    code: typeof error.code === 'string' ? error.code : error.name,
    address: typeof error.address === 'string' ? error.address : undefined,
    port: typeof error.port === 'number' ? error.port : undefined,
    /** Of a DNS error: the name alone. */
    hostname: typeof error.hostname === 'string' ? error.hostname : undefined,
    /** TLS's own words where there are some: its message is a dump of places in OpenSSL's source. */
    message: typeof error.reason === 'string' ? error.reason : error.message,
  };
}

function hostAndPort(address: string, port: number | undefined): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === undefined ? host : `${host}:${port}`;
}
