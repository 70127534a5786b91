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

/** What went wrong where no whole answer came, by the codes of the server and of Node. */
const ERRORS: Record<string, TextKey> = {
  blocked_by_network_policy: 'attempt.error.blocked',
  timed_out: 'attempt.error.timeout',
  interrupted: 'attempt.error.interrupted',
  invalid_request: 'attempt.error.invalid-request',
  invalid_answer: 'attempt.error.invalid-answer',
  secret_unreadable: 'attempt.error.secret',
  internal_error: 'attempt.error.internal',
  transform_failed: 'attempt.error.transform',
  transform_unfinished: 'attempt.error.transform-unfinished',
  schema_major_unavailable: 'attempt.error.schema-major',
  ECONNREFUSED: 'attempt.error.refused',
  ECONNRESET: 'attempt.error.closed',
  ECONNABORTED: 'attempt.error.closed',
  EPIPE: 'attempt.error.closed',
  ENOTFOUND: 'attempt.error.dns',
  EAI_AGAIN: 'attempt.error.dns',
  ETIMEDOUT: 'attempt.error.timeout',
  EHOSTUNREACH: 'attempt.error.unreachable',
  ENETUNREACH: 'attempt.error.unreachable',
};

/** Verification errors of OpenSSL as Node names them, and Node's own for a wrong name. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;

type Answer = Pick<Attempt, 'status_code' | 'error_code'>;

/** How an attempt ended, in a few words: the endpoint's answer, or why there was none. */
export function attemptWords(
  { status_code: status, error_code: code }: Answer,
  text: Text,
): string {
  const answer = status === null ? null : [status, HTTP_NAMES[status]].join(' ').trim();
  if (code === null) return answer ?? text('attempt.error.unknown');

  const known = ERRORS[code] ?? (CERTIFICATE.test(code) ? 'attempt.error.certificate' : undefined);
  const failure = known ? `${text(known)} (${code})` : code;
  // An answer that began and did not end.
  return answer === null ? failure : `${answer}: ${failure}`;
}
