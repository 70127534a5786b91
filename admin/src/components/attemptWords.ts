import type { Attempt } from '../../../server/src/contracts/delivery';
import type { Text, TextKey } from '../translations/useText';

/** Names of HTTP status codes (RFC 9110, RFC 6585); they are the same in every language. */
const HTTP_NAMES: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  425: 'Too Early',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What went wrong where there was no answer, by the codes of Node, undici and OpenSSL. */
const ERRORS: Record<string, TextKey> = {
  ECONNREFUSED: 'attempt.error.refused',
  ECONNRESET: 'attempt.error.reset',
  EPIPE: 'attempt.error.reset',
  UND_ERR_SOCKET: 'attempt.error.reset',
  ENOTFOUND: 'attempt.error.dns',
  EAI_AGAIN: 'attempt.error.dns',
  ETIMEDOUT: 'attempt.error.timeout',
  UND_ERR_CONNECT_TIMEOUT: 'attempt.error.timeout',
  UND_ERR_HEADERS_TIMEOUT: 'attempt.error.timeout',
  UND_ERR_BODY_TIMEOUT: 'attempt.error.timeout',
  EHOSTUNREACH: 'attempt.error.unreachable',
  ENETUNREACH: 'attempt.error.unreachable',
  CERT_HAS_EXPIRED: 'attempt.error.certificate-expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'attempt.error.certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'attempt.error.certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'attempt.error.certificate-untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'attempt.error.certificate-name',
};

type Answer = Pick<Attempt, 'outcome' | 'status_code' | 'error_code'>;

/** How an attempt ended, in a few words: the endpoint's answer, or why there was none. */
export function attemptWords({ outcome, status_code: status, error_code: code }: Answer, text: Text) {
  if (status !== null) return [String(status), HTTP_NAMES[status] ?? ''].join(' ').trim();
  if (outcome === 'blocked') return text('attempt.error.blocked');
  if (code === null) return text('attempt.error.unknown');
  const known = ERRORS[code];
  return known ? text(known, { code }) : code;
}
