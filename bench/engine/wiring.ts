import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { operationalDefinitions } from '../../config/presets/operational';
import { optionsSchema } from '../../config/options';
import { createRegistry } from '../../server/src/destinations/registry';
import { createWebhookDestination } from '../../server/src/destinations/webhook';
import { Catalogue } from '../../server/src/domain/catalogue';
import { downConvert } from '../../server/src/domain/down-convert';
import { seconds } from '../../server/src/domain/retry';
import { EventFactory } from '../../server/src/flow/capture';
import { ClockWatch } from '../../server/src/flow/deliver/clock-watch';
import { Deliverer } from '../../server/src/flow/deliver/deliverer';
import type { FailedDelivery } from '../../server/src/flow/deliver/ports';
import { Shaper } from '../../server/src/flow/deliver/shape/shaper';
import type { Evaluate } from '../../server/src/flow/expression/ports';
import { Loop } from '../../server/src/flow/loop';
import type { Clock } from '../../server/src/flow/ports';
import { retryTransient } from '../../server/src/flow/retry-transient';
import { sequenceBatch } from '../../server/src/flow/sequence';
import { Verdicts } from '../../server/src/flow/verdicts';
import { Directory } from '../../server/src/services/directory';
import { OperationalEvents } from '../../server/src/services/operational-events';
import type { Secrets } from '../../server/src/services/secrets';
import { ownTransaction } from '../../server/src/store/database';
import type { Database, RunInTransaction } from '../../server/src/store/database';
import { now } from '../run/serve.mjs';

/** The engine of one process, wired as services/pipeline.ts wires it, with the options' defaults, but for Strapi. */
export interface Engine {
  deliverer: Deliverer;
  sequencer: Loop;
  /** One batch of the sequencer; true when there may be more. */
  sequence(): Promise<boolean>;
  seen: {
    /** Attempts whose result the engine has in hand. */
    attempts: number;
    /** When the engine's last transaction ended, by the clock that all processes share. */
    lastTransactionAt: number;
  };
}

/** The receiver is on the loopback interface, without TLS. */
const POLICY = { allowHttp: true, allow: ['127.0.0.0/8'] };

export function wire(db: Knex): Engine {
  const options = optionsSchema.parse({});
  const { breaker } = options.delivery;
  const clock: Clock = { now: () => new Date(), random: Math.random };
  const newId = () => uuidv7();
  const say = (message: string, details?: unknown) => console.error(message, details);
  const log = { info: () => undefined, warn: say, error: say };
  const seen = { attempts: 0, lastTransactionAt: 0 };

  const transaction: RunInTransaction = async (work) => {
    const result = await ownTransaction(db, work);
    seen.lastTransactionAt = now();
    return result;
  };
  const webhook = createWebhookDestination({ policy: POLICY });
  const destinations = createRegistry({
    webhook: {
      ...webhook,
      send: async (request, signal) => {
        const result = await webhook.send(request, signal);
        seen.attempts += 1;
        return result;
      },
    },
  });
  // What is encrypted is Strapi's business; here it is stored in clear, and decrypted once per start in any case.
  const secrets = { decrypt: (text: string) => text } as unknown as Secrets;
  const shaper = new Shaper({
    evaluate: withoutSandbox,
    downConvert: (event, major) => downConvert(undefined, event, major),
    linkTo: (eventId) => `http://127.0.0.1/api/newswire/manage/events/${eventId}`,
    clock,
  });
  const catalogue = new Catalogue(operationalDefinitions, { contentTypes: {}, components: {} });
  const directory = new Directory(secrets, destinations, {
    shaper,
    producerId: 'bench',
    catalogue,
    clock,
  });
  const operational = new OperationalEvents(
    catalogue,
    new EventFactory({
      settings: { producerId: 'bench', maxEventBytes: options.capture.maxEventBytes },
      clock,
      newId,
    }),
  );

  const deliveryFailed = (failed: FailedDelivery) =>
    operational.deliveryFailed(failed, directory.nameOf(failed.subscriptionId));
  const verdicts = new Verdicts({
    db: () => db,
    evaluate: withoutSandbox,
    ready: () => undefined,
  });
  const deliverer = new Deliverer(
    {
      db,
      transaction,
      targets: () => directory.targets(db),
      deliveryFailed,
      raise: {
        paused: (id, reason) => operational.subscriptionPaused(id, directory.nameOf(id), reason),
        recovered: (id) => operational.subscriptionRecovered(id, directory.nameOf(id)),
        disabled: (id, reason) =>
          operational.subscriptionDisabled(id, directory.nameOf(id), reason),
      },
      tellOwner: () => undefined,
      breaker: {
        failures: breaker.failures,
        failingMs: seconds(breaker.failingSeconds),
        firstProbeMs: seconds(breaker.firstProbeSeconds),
        maxProbeMs: seconds(breaker.maxProbeSeconds),
      },
      eventsInserted: () => undefined,
      newId,
      clock: new ClockWatch(clock),
      log,
    },
    {
      version: '0.0.0',
      concurrency: options.delivery.concurrency,
      claimSize: options.delivery.claimSize,
      flushMs: options.delivery.flushMilliseconds,
      leaseMs: options.delivery.leaseSeconds * 1_000,
      pollMs: options.delivery.pollSeconds * 1_000,
      drainMs: options.delivery.drainSeconds * 1_000,
    },
  );

  const step = async () => {
    const ports = {
      transaction,
      routes: (trx: Database, version: number) => directory.routes(trx, version),
      knownRoutes: directory.knownTargets().size,
      verdicts,
      deliveryFailed,
      newId,
      clock,
    };
    const done = await retryTransient(() => sequenceBatch(ports, options.sequencer.batchSize));
    if (done.deliveries > 0) deliverer.wake();
    return done.more;
  };
  const sequencer = new Loop({
    name: 'Sequencing',
    step: async () =>
      (await step()) ? 'again' : { sleepMs: options.sequencer.pollSeconds * 1_000 },
    log,
  });
  return { deliverer, sequencer, sequence: step, seen };
}

/** Nothing that is measured has an expression. */
const withoutSandbox: Evaluate = ({ source }) =>
  Promise.resolve({ kind: 'unfinished', reason: `the benchmark has no sandbox for ${source}` });

export const newId = (): string => randomUUID();
