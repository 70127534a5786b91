import type { TokenScope } from '../contracts/partner';
import {
  API_TOKENS,
  NOBODY_STRATEGY,
  PARTNER_STRATEGY,
  SIGNATURE_STRATEGY,
} from '../services/partners/caller';

/** One route of spec §6 for partners, below `/api/newswire`. */
interface PartnerRoute {
  method: 'GET' | 'POST';
  path: string;
  handler: string;
  /** What a partner's token must have; `any`: it need only be good. */
  scope: TokenScope | 'any';
  /** Whether Strapi API tokens may call it too: internal feeds are read by them. */
  internal?: true;
  /** Whether a signature with a subscription's secret may stand in the token's place. */
  signed?: true;
}

/** What reads feeds is named so that a read-only API token of Strapi may call it. */
const partnerRoutes: PartnerRoute[] = [
  feed('', 'feed-list.find'),
  feed('/:slug/events', 'feed-events.find'),
  feed('/:slug/stream', 'feed-stream.find'),
  feed('/:slug/records', 'feed-records.find'),
  feed('/:slug/records/:subject_id', 'feed-records.findOne'),
  { ...route('POST', '/callbacks', 'callbacks.create', 'callbacks:write'), signed: true },
  feed('/:slug/rss', 'feed-rss.find'),
  feed('/:slug/atom', 'feed-atom.find'),
  feed('/:slug/json', 'feed-json.find'),
  route('GET', '/usage', 'usage.find', 'any'),
  route('GET', '/contract', 'contract.find', 'any'),
  route('POST', '/subscriptions/:id/pause', 'backpressure.pause', 'subscriptions:manage'),
  route('POST', '/subscriptions/:id/resume', 'backpressure.resume', 'subscriptions:manage'),
];

function feed(path: string, handler: string): PartnerRoute {
  return { method: 'GET', path: `/feeds${path}`, handler, scope: 'feeds:read', internal: true };
}

function route(
  method: PartnerRoute['method'],
  path: string,
  handler: string,
  scope: PartnerRoute['scope'],
): PartnerRoute {
  return { method, path, handler, scope };
}

/**
 * Who has no partner's token is never taken for somebody else: the strategies are named, so anonymous users are none. Feed
 * readers cannot set headers, so feeds, and nothing else, take the token in the query too.
 */
export const forPartners = partnerRoutes.map(({ method, path, handler, scope, ...who }) => ({
  method,
  path,
  handler,
  config: {
    auth: {
      strategies: strategiesFor(who),
      newswireQueryToken: method === 'GET' && /^\/feeds(\/|$)/.test(path),
      ...(scope === 'any' ? {} : { newswireScope: scope }),
    },
    middlewares: ['plugin::newswire.partner-answers'],
  },
}));

/** The last one refuses, with a code. */
function strategiesFor({ internal, signed }: Pick<PartnerRoute, 'internal' | 'signed'>): string[] {
  if (signed) return [SIGNATURE_STRATEGY, PARTNER_STRATEGY, NOBODY_STRATEGY];
  return internal ? [PARTNER_STRATEGY, API_TOKENS, NOBODY_STRATEGY] : [PARTNER_STRATEGY];
}
