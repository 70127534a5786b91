/** W3C Trace Context (Recommendation, November 2021): what is passed on of the request that made a change. */
export interface TraceContext {
  /** `00-<32 hex>-<16 hex>-<2 hex>`. */
  traceparent: string;
  /** Null where there is none, or none that could be read. */
  tracestate: string | null;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The longest `tracestate` that has to be passed on (§3.3.1.5); more is cut off at its end. */
const MAX_STATE_LENGTH = 512;
const MAX_STATE_MEMBERS = 32;

const SIMPLE_KEY = '[a-z][a-z0-9_\\-*/]{0,255}';
const TENANT_KEY = '[a-z0-9][a-z0-9_\\-*/]{0,240}@[a-z][a-z0-9_\\-*/]{0,13}';
const VALUE = '[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]';
const MEMBER = new RegExp(`^(?<key>${SIMPLE_KEY}|${TENANT_KEY})=${VALUE}$`);

/**
 * Reads the two headers. Null where `traceparent` is not what it must be: then `tracestate` is worth nothing either (§3.3).
 */
export function readTraceContext(headers: {
  traceparent: unknown;
  tracestate: unknown;
}): TraceContext | null {
  const traceparent = readParent(headers.traceparent);
  return traceparent === null ? null : { traceparent, tracestate: readState(headers.tracestate) };
}

/** The headers of a request that passes a trace on. */
export function traceHeaders(trace: TraceContext | null): Record<string, string> {
  if (!trace) {
    return {};
  }
  const { traceparent, tracestate } = trace;
  return tracestate === null ? { traceparent } : { traceparent, tracestate };
}

function readParent(value: unknown): string | null {
  const match = typeof value === 'string' ? TRACEPARENT.exec(value) : null;
  if (!match) {
    return null;
  }
  const [, version, traceId = '', parentId = '', flags = '', rest] = match;
  const known = version === '00';
  if (version === 'ff' || (known && rest !== undefined) || isZero(traceId) || isZero(parentId)) {
    return null;
  }
  // A later version is passed on as the one that is known here: of its flags only the first is (§3.2.2.5, §4.3).
  const passed = known ? flags : (Number.parseInt(flags, 16) & 1).toString(16).padStart(2, '0');
  return `00-${traceId}-${parentId}-${passed}`;
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}

function readState(value: unknown): string | null {
  if (typeof value !== 'string') {
    return null;
  }
  const members = value
    .split(',')
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  const keys = members.map((member) => MEMBER.exec(member)?.groups?.['key']);
  const valid = keys.every((key) => key !== undefined) && new Set(keys).size === keys.length;
  if (!valid || members.length > MAX_STATE_MEMBERS) {
    return null;
  }
  while (members.join(',').length > MAX_STATE_LENGTH) {
    members.pop();
  }
  return members.length > 0 ? members.join(',') : null;
}
