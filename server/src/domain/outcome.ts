import { seconds, type Milliseconds } from './retry';

/** Error code of a delivery that the network policy refused. */
export const BLOCKED = 'blocked_by_network_policy';

/** Error code of an exchange that did not end within its time-out. */
export const TIMED_OUT = 'timed_out';

/** Error code of an exchange that was cut short because this process stops. */
export const INTERRUPTED = 'interrupted';

/** Error code of an attempt whose signing secret could not be decrypted: nothing was sent. */
export const SECRET_UNREADABLE = 'secret_unreadable';

/** Error code of an attempt that failed by a fault of our own. */
export const INTERNAL_ERROR = 'internal_error';

/** Error code of an event whose transform or projection did not end in its time. */
export const TRANSFORM_UNFINISHED = 'transform_unfinished';

/** Error code of an event whose schema is newer than what this process knows, and is to be converted from it. */
export const SCHEMA_NOT_KNOWN_YET = 'schema_not_known_yet';

/** Error code of a request that could not even be built from the subscription's settings. */
export const INVALID_REQUEST = 'invalid_request';

/** Error code of an endpoint that answered with something else than HTTP/1.1. */
export const INVALID_ANSWER = 'invalid_answer';

/** Error code of a delivery that was answered with 202, and of which nothing more was heard in time. */
export const CALLBACK_MISSED = 'callback_missed';

/** Error code of a delivery that was answered with 202, and then refused by a callback. */
export const REJECTED_BY_PARTNER = 'rejected_by_partner';

interface Judgement {
  /** Null where no answer began. */
  statusCode: number | null;
  /** Null where a whole answer came. */
  errorCode: string | null;
  /** A sentence for the admin, without a full stop: `The endpoint answered 404 Not Found`. */
  reason: string;
}

/** The endpoint has it. */
export interface Delivered extends Judgement {
  kind: 'delivered';
  statusCode: number;
  errorCode: null;
}

/** Worth trying again. `retryAfterMs`: the endpoint asked that all it is owed waits that long. */
export interface Transient extends Judgement {
  kind: 'transient';
  retryAfterMs?: Milliseconds;
}

/** Trying again would change nothing. `disable`: the subscription itself is over. */
export interface Permanent extends Judgement {
  kind: 'permanent';
  disable?: true;
}

/** The network policy refused the address; nothing was sent. Settled like a permanent one, and named. */
export interface Blocked extends Judgement {
  kind: 'blocked';
  statusCode: null;
  errorCode: typeof BLOCKED;
}

/** What an attempt came to (spec §4). */
export type Outcome = Delivered | Transient | Permanent | Blocked;

/** Header values as node gives them, names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Judges a whole answer by spec §4. `now` is what a Retry-After that is a date is measured against. */
export function judgeAnswer(answer: {
  status: number;
  headers: AnswerHeaders;
  now: Date;
}): Delivered | Transient | Permanent {
  const { status } = answer;
  const told = { statusCode: status, errorCode: null, reason: answered(status) };

  if (status >= 200 && status < 300) return { kind: 'delivered', ...told };
  if (status >= 300 && status < 400) {
    return { kind: 'permanent', ...told, reason: `${told.reason}; a redirect is never followed` };
  }
  if (status === 410) {
    const reason = `${told.reason}; the subscription is disabled`;
    return { kind: 'permanent', ...told, reason, disable: true };
  }
  if (status >= 400 && status < 500 && !RETRIED_CLIENT_ERRORS.has(status)) {
    return { kind: 'permanent', ...told };
  }
  // What is left: 408, 425, 429, 5xx, and numbers that are no status of an answer, which a client treats
  // as a 5xx (RFC 9110 §15).
  const wait = HEEDED_RETRY_AFTER.has(status) ? retryAfter(answer.headers, answer.now) : null;
  return { kind: 'transient', ...told, ...(wait !== null && { retryAfterMs: wait }) };
}

/** Request Timeout, Too Early, Too Many Requests. */
const RETRIED_CLIENT_ERRORS: ReadonlySet<number> = new Set([408, 425, 429]);

const HEEDED_RETRY_AFTER: ReadonlySet<number> = new Set([429, 503]);

/**
 * Judges an exchange that did not end in a whole answer. Everything is worth trying again (an expired
 * certificate is renewed, a name comes back), but what the policy or the settings themselves rule out.
 */
export function judgeFailure(failure: {
  /** The error code of the system or of TLS, or one of this file's constants. */
  code: string;
  /** Where the connection was to go, as an admin knows it: `127.0.0.1:4100`, `hooks.example.com`. */
  endpoint: string;
  /** What is known beyond the code: the refused address, the length of the time-out, the TLS library's words. */
  detail?: string | undefined;
  /** The status where an answer began and did not end; it decides nothing, since the answer is not whole. */
  status?: number | null | undefined;
}): Transient | Permanent | Blocked {
  const { code, endpoint, detail = '', status = null } = failure;
  if (code === BLOCKED) {
    const reason = `Refused by the network policy: ${detail || endpoint}; nothing was sent`;
    return { kind: 'blocked', statusCode: null, errorCode: BLOCKED, reason };
  }
  if (code === INVALID_REQUEST) {
    const reason = `The request could not be built from the subscription's settings: ${detail}`;
    return { kind: 'permanent', statusCode: null, errorCode: code, reason };
  }
  const reason = describeFailure(code, endpoint, detail);
  return {
    kind: 'transient',
    statusCode: status,
    errorCode: code,
    reason:
      status === null ? reason : `${answered(status)}, but not to the end: ${lowerFirst(reason)}`,
  };
}

function describeFailure(code: string, endpoint: string, detail: string): string {
  const because = detail === '' ? ` (${code})` : `: ${detail} (${code})`;
  if (code === TIMED_OUT) return `No complete answer from ${endpoint} ${detail || 'in time'}`;
  if (code === INTERRUPTED) return 'The attempt was cut short because Newswire was stopping';
  if (code === 'ECONNREFUSED') return `Connection refused by ${endpoint}`;
  if (code === 'ENOTFOUND') return `The name ${endpoint} does not resolve to an address`;
  if (code.startsWith('EAI_')) return `The name ${endpoint} could not be resolved${because}`;
  if (CLOSED.has(code))
    return `The connection was closed by ${endpoint} before its answer was complete`;
  if (UNREACHABLE.has(code)) return `${endpoint} could not be reached${because}`;
  if (code === 'ETIMEDOUT') return `No connection to ${endpoint} in time${because}`;
  if (EXHAUSTED.has(code)) return `This server could not open another connection${because}`;
  if (CERTIFICATE.test(code)) return `The certificate of ${endpoint} was refused${because}`;
  if (TLS.test(code)) return `No secure connection to ${endpoint} by TLS 1.2 or newer${because}`;
  if (code === INVALID_ANSWER) return `The answer of ${endpoint} is not valid HTTP/1.1${because}`;
  return `The request to ${endpoint} failed${because}`;
}

const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE']);
const UNREACHABLE: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
]);
const EXHAUSTED: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS']);
/** Verification errors of OpenSSL as node names them, and node's own for a wrong name. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/;
const TLS = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/;

function lowerFirst(sentence: string): string {
  return /^(The|No|Connection|This) /.test(sentence)
    ? sentence.charAt(0).toLowerCase() + sentence.slice(1)
    : sentence;
}

function answered(status: number): string {
  const phrase = PHRASES[status];
  return `The endpoint answered ${status}${phrase === undefined ? '' : ` ${phrase}`}`;
}

/** Phrases of the statuses that endpoints send in practice (RFC 9110 §15); the others stand as numbers. */
const PHRASES: Readonly<Record<number, string>> = {
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
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  425: 'Too Early',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The longest wait that an endpoint can ask for (spec §4). */
const RETRY_AFTER_CAP = seconds(24 * 3600);

/**
 * The wait of a Retry-After (RFC 9110 §10.2.3: whole seconds, or a date), capped at 24 h. Null where there is
 * none, where it cannot be read, and where it asks for no wait (zero, or a date that has passed).
 */
function retryAfter(headers: AnswerHeaders, now: Date): Milliseconds | null {
  const header = headers['retry-after'];
  const value = (typeof header === 'string' ? header : header?.[0])?.trim() ?? '';
  const wait = /^\d+$/.test(value) ? Number(value) : (httpDate(value, now) - now.getTime()) / 1000;
  return wait > 0 ? seconds(Math.min(wait, RETRY_AFTER_CAP / 1000)) : null;
}

const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const TIME = '(?<time>\\d{2}:\\d{2}:\\d{2})';

/** The three forms of an HTTP date that a recipient must accept (RFC 9110 §5.6.7), in its order. */
const HTTP_DATES = [
  `^[A-Z][a-z]{2}, (?<day>\\d{2}) (?<month>${MONTHS}) (?<year>\\d{4}) ${TIME} GMT$`,
  `^[A-Z][a-z]{5,8}, (?<day>\\d{2})-(?<month>${MONTHS})-(?<year>\\d{2}) ${TIME} GMT$`,
  `^[A-Z][a-z]{2} (?<month>${MONTHS}) (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`,
].map((form) => new RegExp(form));

/** Milliseconds since 1970 of an HTTP date, or NaN. Date.parse alone would take `soon 1` for a date. */
function httpDate(value: string, now: Date): number {
  const parts = HTTP_DATES.map((form) => form.exec(value)?.groups).find((groups) => groups);
  if (parts === undefined) return Number.NaN;
  const { day, month, year, time } = parts;
  const instant = (fullYear: number) => Date.parse(`${day} ${month} ${fullYear} ${time} GMT`);
  if (year?.length !== 2) return instant(Number(year));
  // Two digits: the year of this century, unless that is more than 50 years away (RFC 9110 §5.6.7).
  const thisCentury = Math.floor(now.getUTCFullYear() / 100) * 100 + Number(year);
  return instant(thisCentury - now.getUTCFullYear() > 50 ? thisCentury - 100 : thisCentury);
}
