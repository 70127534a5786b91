import {
  BLOCKED,
  INTERRUPTED,
  INVALID_REQUEST,
  judgeFailure,
  type Outcome,
} from '../../domain/outcome';
import type { Destination, NetworkPolicy, SendResult } from '../contract';
import { parseAllowList } from './address-policy';
import type { Resolve } from './checked-lookup';
import { openConnections } from './connections';
import { Deadlines } from './deadlines';
import { Exchange, type Answer, type Ending } from './exchange';
import { judgeEnding } from './judge-ending';
import { keptAnswer } from './kept-answer';
import { prepareSettings, withOwnHeaders } from './prepared-settings';
import { checkSettings, type WebhookSettings } from './settings';
import { UnderWay } from './under-way';

export interface WebhookOptions {
  policy: NetworkPolicy;
  /** Sockets to one endpoint at once; default `CONNECTIONS_PER_ORIGIN`. */
  connectionsPerOrigin?: number;
  /** Authorities (PEM) beside node's own that may have signed an endpoint's certificate. */
  certificateAuthorities?: readonly string[];
  /** How names become addresses; default node:dns. */
  resolve?: Resolve;
}

/**
 * Delivers by HTTP POST (spec §3 to §5): keep-alive sockets per endpoint, no redirect, no address that the policy
 * refuses, one deadline over the whole exchange. Throws where `policy.allow` holds what is no CIDR range.
 */
export function createWebhookDestination(options: WebhookOptions): Destination<WebhookSettings> {
  const connections = openConnections({ ...options, allow: parseAllowList(options.policy.allow) });
  const deadlines = new Deadlines();
  const underWay = new UnderWay();
  let closed = false;

  return {
    type: 'webhook',

    check: checkSettings,

    async send({ settings, headers, body }, signal) {
      const startedAt = new Date();
      const started = performance.now();
      let endedAt = started;
      const prepared = prepareSettings(settings);
      const { target, host } = prepared;

      const result = (outcome: Outcome, answer: Answer | null = null): SendResult => ({
        outcome,
        startedAt,
        durationMs: endedAt - started,
        request: { headers: withOwnHeaders(headers, prepared.own, 'masked') },
        response: answer && keptAnswer(answer, prepared.secrets),
      });
      const refused = (code: string, detail?: string) =>
        result(judgeFailure({ code, endpoint: host, detail }));

      if (closed || signal?.aborted) return refused(INTERRUPTED);
      if (target === null) return refused(INVALID_REQUEST, `"${settings.url}" is not an HTTP URL`);
      if (!target.secure && !options.policy.allowHttp) {
        return refused(
          BLOCKED,
          `${host} is to be reached by plain HTTP (network.allowHttp is off)`,
        );
      }

      underWay.begin();
      const ending = await new Promise<Ending>((resolve) => {
        const exchange = new Exchange(started + settings.timeoutSeconds * 1000, signal, (how) => {
          deadlines.forget(exchange);
          endedAt = performance.now();
          whenItsSocketIsFree(() => resolve(how));
        });
        deadlines.watch(exchange);
        const { origin, path } = target;
        try {
          const all = withOwnHeaders(headers, prepared.own, 'value');
          connections
            .pool(origin, settings.clientCertificate)
            .dispatch({ origin, path, method: 'POST', headers: all, body }, exchange);
        } catch (error) {
          exchange.fail(error);
        }
      });
      underWay.end();
      return result(judgeEnding(ending, host, settings.timeoutSeconds), ending.answer);
    },

    async close() {
      closed = true;
      // Each ends by its deadline. undici's own close() would also wait for connections that nobody wants any more.
      await underWay.ended();
      await connections.destroy();
    },
  };
}

/**
 * Calls back a moment after an exchange has ended. undici frees a socket one turn of the event loop (`setImmediate`) after
 * its answer; whoever sent the next request before would need another one, so that twice as many are open as requests are
 * under way. Measured with 64 at a time: 96 to 80 µs of CPU a delivery.
 */
function whenItsSocketIsFree(then: () => void): void {
  // undici asks for its turn when this is being told; what is asked for in a microtask comes after that.
  queueMicrotask(() => setImmediate(then));
}
