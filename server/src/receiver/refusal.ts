/** Why a request is not to be trusted, for programs. */
export type RefusalCode =
  | 'body_too_large'
  | 'missing_header'
  | 'malformed_header'
  | 'timestamp_out_of_tolerance'
  | 'signature_mismatch'
  | 'unknown_key'
  | 'keys_unavailable'
  | 'malformed_body';

/** A refused request. `reason` is for a log; it never says how near a wrong signature was. */
export interface Refusal {
  ok: false;
  code: RefusalCode;
  reason: string;
  /** What to answer. Newswire tries again after 503, and gives the delivery up after the others. */
  status: 400 | 401 | 413 | 503;
}

const STATUS: Readonly<Record<RefusalCode, Refusal['status']>> = {
  body_too_large: 413,
  missing_header: 401,
  malformed_header: 401,
  timestamp_out_of_tolerance: 401,
  signature_mismatch: 401,
  unknown_key: 401,
  keys_unavailable: 503,
  malformed_body: 400,
};

export function refuse(code: RefusalCode, reason: string): Refusal {
  return { ok: false, code, reason, status: STATUS[code] };
}
