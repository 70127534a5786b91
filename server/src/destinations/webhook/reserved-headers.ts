/** Headers that a subscription's own can never replace (spec §3), and those that frame the message (RFC 9112). */
const NAMES: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'user-agent',
  'x-event-type',
  'x-schema-version',
  'x-idempotency-key',
  'x-event-jws',
  'x-subscription-id',
  'x-replay',
  'traceparent',
  'tracestate',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'expect',
  'upgrade',
  'te',
  'trailer',
  'keep-alive',
]);

const PREFIXES = ['webhook-', 'x-signature', 'x-delivery-', 'proxy-'];

/** Whether a custom header of this name, in any case, is refused. */
export function isReservedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return NAMES.has(lower) || PREFIXES.some((prefix) => lower.startsWith(prefix));
}
