/** Where events go and come from: servers, channels and operations of a partner's document. */
import { SECURITY } from '../asyncapi';
import { callbackName } from '../asyncapi-callbacks';
import type { AgreedFeed, AgreedSubscription, ContractInput } from './agreed';

/** The server that the partner reads from and answers to. */
const OURS = 'newswire';

const TOKENS = [
  { $ref: '#/components/securitySchemes/token' },
  { $ref: '#/components/securitySchemes/token_as_password' },
  { $ref: '#/components/securitySchemes/token_in_address' },
];

const http = (method: 'GET' | 'POST') => ({ http: { method, bindingVersion: '0.3.0' } });

const serverOf = ({ id }: AgreedSubscription) => `subscription_${id}`;
const webhookOf = ({ id }: AgreedSubscription) => `webhook.${id}`;
const feedOf = ({ slug }: AgreedFeed) => `feed.${slug}`;
const CALLBACKS = 'callbacks';

export function servers({ routes, subscriptions }: ContractInput): object {
  const { protocol, host, pathname } = new URL(routes);
  return {
    [OURS]: {
      host,
      protocol: protocol.replace(':', ''),
      pathname,
      title: 'Newswire',
      description: 'Feeds, records, callbacks and usage.',
      security: TOKENS.slice(0, 1),
    },
    ...Object.fromEntries(subscriptions.map((one) => [serverOf(one), endpoint(one)])),
  };
}

function endpoint({ name, endpoint: at, state, mutual_tls }: AgreedSubscription): object {
  return {
    host: at.host,
    protocol: at.protocol,
    // The channel has the path: a server's may be empty, and the two are joined.
    title: name,
    description: 'Your own endpoint.',
    security: [...SECURITY, ...(mutual_tls ? [{ $ref: '#/components/securitySchemes/mtls' }] : [])],
    'x-newswire-state': state,
  };
}

export function channels(input: ContractInput): object {
  const { subscriptions, feeds, callbacks, routes } = input;
  const messages = (types: readonly string[]) =>
    Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }]));
  return {
    ...Object.fromEntries(
      subscriptions.map((one) => [
        webhookOf(one),
        {
          address: one.endpoint.pathname,
          title: one.name,
          servers: [{ $ref: `#/servers/${serverOf(one)}` }],
          messages: messages(one.events),
          'x-newswire-filter': one.filter,
          'x-newswire-shape': { ...one.shape, note: SHAPED },
        },
      ]),
    ),
    ...Object.fromEntries(
      feeds.map((one) => [
        feedOf(one),
        {
          address: `/feeds/${one.slug}/events`,
          title: one.title,
          ...(one.description === '' ? {} : { description: one.description }),
          servers: [{ $ref: `#/servers/${OURS}` }],
          messages: messages(one.events),
          'x-newswire-addresses': addresses(routes, one),
          'x-newswire-filter': one.filter,
          'x-newswire-shape': {
            projection: one.projection,
            transform: one.transform,
            max_age_days: one.max_age_days,
            note: SHAPED,
          },
        },
      ]),
    ),
    ...(callbacks.length === 0
      ? {}
      : {
          [CALLBACKS]: {
            address: '/callbacks',
            title: 'Callbacks',
            description:
              'POST { event_type, in_reply_to, payload } with X-Idempotency-Key; answered 202 { data: { event_id, idempotency_token } }.',
            servers: [{ $ref: `#/servers/${OURS}` }],
            messages: messages(callbacks.map(({ type }) => callbackName(type))),
          },
        }),
  };
}

const SHAPED =
  'The messages describe whole events; the projection, the transform and the pinned versions named here are applied to them.';

function addresses(routes: string, { slug }: AgreedFeed): object {
  const words = ['events', 'stream', 'records', 'rss', 'atom', 'json'];
  return Object.fromEntries(words.map((word) => [word, `${routes}/feeds/${slug}/${word}`]));
}

export function operations({ subscriptions, feeds, callbacks }: ContractInput): object {
  const all = (channel: string, types: readonly string[]) => ({
    channel: { $ref: `#/channels/${channel}` },
    messages: types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
  });
  return {
    ...Object.fromEntries(
      subscriptions.map((one) => [
        `deliver.${one.id}`,
        {
          action: 'send',
          title: `Deliver to ${one.name}`,
          ...all(webhookOf(one), one.events),
          security: SECURITY,
          bindings: http('POST'),
        },
      ]),
    ),
    ...Object.fromEntries(
      feeds.map((one) => [
        `read.${one.slug}`,
        {
          action: 'send',
          title: `Show in ${one.title}`,
          ...all(feedOf(one), one.events),
          security: TOKENS,
          bindings: http('GET'),
        },
      ]),
    ),
    ...(callbacks.length === 0
      ? {}
      : {
          answer: {
            action: 'receive',
            title: 'Take callbacks',
            ...all(
              CALLBACKS,
              callbacks.map(({ type }) => callbackName(type)),
            ),
            // By token, or signed with the secret of a subscription.
            security: [...TOKENS.slice(0, 1), ...SECURITY.slice(0, 2)],
            bindings: http('POST'),
          },
        }),
  };
}
