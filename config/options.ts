import { z } from 'zod';
import type { EventDefinition, Preset } from '../server/src/domain/definition';
import { issueLines } from './issue-lines';
import { generic } from './presets/generic';

const preset = z.custom<Preset>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'define' in value &&
    typeof value.define === 'function',
  { error: "Expected a preset, such as generic() from 'strapi-plugin-newswire/config'" },
);

const eventDefinition = z.custom<EventDefinition>(
  (value) => typeof value === 'object' && value !== null && 'type' in value && 'build' in value,
  {
    error:
      "Expected an event definition, made by defineEvent() from 'strapi-plugin-newswire/config'",
  },
);

const contact = z.strictObject({
  name: z.string().min(1).max(200),
  email: z.email().max(254).nullable().default(null),
  role: z.string().max(200).nullable().default(null),
});

/** Everything a user may put under `newswire.config` in `config/plugins.ts`, with its defaults. */
export const optionsSchema = z.strictObject({
  /** Names this installation in every event (`producer_id`). */
  producerId: z.string().min(1).max(100).default('strapi'),
  /** What this process does: capture only, deliver only, or both. */
  role: z.enum(['all', 'producer', 'worker']).default('all'),
  /** PostgreSQL: wake other processes by NOTIFY, on a connection of its own. Off, they find things out by polling. */
  notify: z.boolean().default(true),
  /** Ready-made event definitions. Default: the generic events of every content type of the application. */
  presets: z.array(preset).default(() => [generic()]),
  /** Event definitions of one's own. */
  events: z.array(eventDefinition).default([]),
  /**
   * What is to be otherwise than a definition says, by event type: `{ 'content.ready': { approval: true } }`. For events of
   * presets.
   */
  overrides: z
    .record(
      z.string(),
      z.strictObject({
        audience: z.enum(['internal', 'partner', 'public']).optional(),
        approval: z.boolean().optional(),
        priority: z.enum(['normal', 'high']).optional(),
      }),
    )
    .default({}),
  network: z
    .strictObject({
      /** Take `http://` destinations too. For development. */
      allowHttp: z.boolean().default(false),
      /** Address ranges (CIDR) that may be delivered to although the network policy refuses them. */
      allow: z.array(z.string()).max(200).default([]),
    })
    .prefault({}),
  metrics: z
    .strictObject({
      /** Count, and serve `GET /api/newswire/metrics`. */
      enabled: z.boolean().default(true),
      /** Subscriptions that have series of their own; the rest are `other`. */
      maxSubscriptions: z.number().int().min(0).max(10_000).default(200),
      /** Metrics of the Node.js process too: memory, event loop, garbage collection. */
      processMetrics: z.boolean().default(false),
    })
    .prefault({}),
  sla: z
    .strictObject({
      /** The rolling window over which promises on delivery are measured, in seconds. */
      windowSeconds: z.number().int().min(600).max(2_592_000).default(86_400),
      /** How often deadlines that have passed are counted, in seconds. */
      checkSeconds: z.number().min(1).max(3_600).default(60),
      /** Under so many deliveries in the window no promise counts as broken. */
      minimumSamples: z.number().int().min(1).max(1_000_000).default(20),
      /** Promises for events of presets, by event type: `{ 'content.ready': { withinSeconds: 300, share: 0.99 } }`. */
      promises: z
        .record(z.string(), z.strictObject({ withinSeconds: z.number(), share: z.number() }))
        .default({}),
    })
    .prefault({}),
  capture: z
    .strictObject({
      /**
       * What happens to a save whose event breaks its schema: `store` lets it pass and keeps the event as
       * invalid, with the reasons; `reject` fails the save with a message.
       */
      onInvalid: z.enum(['store', 'reject']).default('store'),
      /** Largest event, in bytes; a larger one is invalid. */
      maxEventBytes: z.number().int().min(1_024).max(10_485_760).default(1_048_576),
      /** Pass the trace of the request that made a change on to subscribers (W3C Trace Context). */
      traceContext: z.boolean().default(true),
    })
    .prefault({}),
  moments: z
    .strictObject({
      /**
       * How often moments of documents (a publish time, the end of rights) that another process has kept are looked for, in
       * seconds. Those of this process are known at once.
       */
      pollSeconds: z.number().min(0.05).max(300).default(10),
    })
    .prefault({}),
  sequencer: z
    .strictObject({
      /** Events numbered in one transaction, at most. */
      batchSize: z.number().int().min(1).max(500).default(500),
      /** How often the log is looked at without being woken: the safety net, in seconds. */
      pollSeconds: z.number().min(0.05).max(60).default(1),
    })
    .prefault({}),
  delivery: z
    .strictObject({
      /** Requests under way at once in this process, over all subscriptions. */
      concurrency: z.number().int().min(1).max(2_000).default(256),
      /** Deliveries claimed in one transaction, at most. */
      claimSize: z.number().int().min(1).max(500).default(500),
      /** How long results are gathered before they are written, in milliseconds, at least; longer where a write takes long. */
      flushMilliseconds: z.number().int().min(0).max(1_000).default(10),
      /** After how many seconds without a sign of life another process takes over a delivery. */
      leaseSeconds: z.number().int().min(2).max(600).default(30),
      /** How often due deliveries are looked for without being woken, in seconds. */
      pollSeconds: z.number().min(0.05).max(60).default(1),
      /** How long a stopping process waits for requests under way, in seconds. */
      drainSeconds: z.number().int().min(0).max(300).default(20),
      /**
       * The circuit breaker: pauses a subscription whose endpoint is down, and tries one delivery now and then until it
       * answers.
       */
      breaker: z
        .strictObject({
          /** It opens after so many failures in a row … */
          failures: z.number().int().min(1).max(10_000).default(20),
          /** … over at least so many seconds. */
          failingSeconds: z.number().min(0).max(86_400).default(30),
          /** Seconds before the first probe; the wait doubles with each probe that fails … */
          firstProbeSeconds: z.number().min(0.05).max(3_600).default(30),
          /** … up to this. */
          maxProbeSeconds: z.number().min(0.05).max(86_400).default(600),
        })
        .prefault({}),
    })
    .prefault({}),
  expressions: z
    .strictObject({
      /** Longest evaluation of a filter condition, in milliseconds. */
      conditionMilliseconds: z.number().int().min(10).max(5_000).default(100),
      /** Longest evaluation of a transform or of a projection, in milliseconds. */
      transformMilliseconds: z.number().int().min(10).max(5_000).default(250),
      /** Memory of each of the two processes that evaluate them, in megabytes. */
      memoryMegabytes: z.number().int().min(32).max(1_024).default(64),
    })
    .prefault({}),
  secrets: z
    .strictObject({
      /**
       * Keys beside `admin.secrets.encryptionKey` under which secrets may stand in the tables: older ones, after that key
       * has been changed, or the next one, before it is.
       */
      previousEncryptionKeys: z.array(z.string().min(1)).max(10).default([]),
    })
    .prefault({}),
  replays: z
    .strictObject({
      /** Deliveries that a replay makes per second, unless it asks for another rate. */
      ratePerSecond: z.number().int().min(1).max(10_000).default(50),
      /** The highest rate that a replay may ask for. */
      maxRatePerSecond: z.number().int().min(1).max(10_000).default(500),
      /** Replays that may make deliveries at the same time; one per subscription in any case. */
      maxRunning: z.number().int().min(1).max(100).default(10),
      /** While this many deliveries of a replay are on their way, no further one is made. */
      maxWaiting: z.number().int().min(1).max(100_000).default(1_000),
      /** How long counting may take, in seconds, before a replay starts uncounted and a dry run is refused. */
      countSeconds: z.number().min(0).max(300).default(30),
    })
    .prefault({}),
  feeds: z
    .strictObject({
      /** Long polls and streams that one token may hold open in one process. */
      maxOpenPerToken: z.number().int().min(1).max(10_000).default(20),
      /** Long polls and streams that one process holds open in all. */
      maxOpen: z.number().int().min(1).max(100_000).default(5_000),
    })
    .prefault({}),
  /** What `GET /contract` tells partners of this side, beside what the rest of the configuration says. */
  contract: z
    .strictObject({
      /** Whom a partner may ask, the first one first. */
      contacts: z.array(contact).max(20).default([]),
      /** What is promised beside the promises of `sla`, in words. */
      sla: z.string().min(1).max(4_000).nullable().default(null),
      /** What to do, and whom to call, when something is wrong, in words. */
      escalation: z.string().min(1).max(4_000).nullable().default(null),
      /** Address of the terms that all contracts stand under. */
      terms: z
        .url({ protocol: /^https?$/ })
        .nullable()
        .default(null),
    })
    .prefault({}),
  ownerMail: z
    .strictObject({
      /** Tell a subscription's owner by e-mail when it is paused or disabled by itself, or recovers. */
      enabled: z.boolean().default(true),
      /** One mail per subscription and kind within this many minutes. */
      minutesBetween: z.number().min(1).max(10_080).default(60),
    })
    .prefault({}),
});

/** What a user writes in `config/plugins.ts`. */
export type NewswireOptions = z.input<typeof optionsSchema>;

/** The options, validated, with every default in place. */
export type Options = z.output<typeof optionsSchema>;

/**
 * Validates the plugin's options.
 *
 * @throws Error naming each wrong option and what would be right; Strapi stops the boot with it.
 */
export function parseOptions(input: unknown): Options {
  const result = optionsSchema.safeParse(input ?? {});
  if (result.success) {
    return result.data;
  }
  const problems = issueLines(result.error.issues).map((line) => `  - newswire.config.${line}`);
  throw new Error(`Newswire's options in config/plugins are wrong:\n${problems.join('\n')}`);
}
