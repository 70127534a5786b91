import type { Outcome } from '../domain/outcome';

/** What the operator lets leave the house (spec §5). */
export interface NetworkPolicy {
  /** Plain HTTP is allowed. HTTPS is verified all the same. */
  allowHttp: boolean;
  /** CIDR ranges that are reachable although they are not public, e.g. `10.1.0.0/16`. */
  allow: readonly string[];
}

/** One thing that is wrong with a destination's settings; `path` as in the settings, e.g. `headers.Host`. */
export interface SettingsProblem {
  path: string;
  message: string;
}

export interface SendRequest<Settings> {
  settings: Settings;
  /** Sent as it is; a string as UTF-8. */
  body: string | Buffer;
  /** Our headers (spec §3). The settings' own can never override them. */
  headers: Readonly<Record<string, string>>;
}

/** One attempt, ready for the log: credentials in it are masked. */
export interface SendResult {
  outcome: Outcome;
  startedAt: Date;
  durationMs: number;
  /** All headers of the request, ours and the settings' own. */
  request: { headers: Readonly<Record<string, string>> };
  /** Null where no answer began. `truncated`: more came than is kept here. */
  response: { headers: Record<string, string>; body: string; truncated: boolean } | null;
}

/** A kind of place that events are delivered to. */
export interface Destination<Settings> {
  readonly type: string;
  /** What can be said of settings before anything is sent; empty when they are fine. */
  check(settings: Settings, policy: NetworkPolicy): SettingsProblem[];
  /**
   * Makes one attempt. Never throws or rejects for anything that the settings or the network do: that is the
   * outcome's to say. An aborted signal ends the attempt as transient (`interrupted`).
   */
  send(request: SendRequest<Settings>, signal?: AbortSignal): Promise<SendResult>;
  /** Ends what is kept open, when what is under way has ended. Nothing may be sent afterwards. */
  close(): Promise<void>;
}
