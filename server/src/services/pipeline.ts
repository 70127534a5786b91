/**
 * The composition root. What happens to a change, in five lines:
 *
 *   capture    a write of the document service makes events, in the content's own transaction
 *   sequence   after the commit, events get their numbers under a lock …
 *   route      … and in the same transaction a delivery for each subscription that wants them
 *   deliver    workers claim due deliveries under a lease and send them
 *   settle     results are written in batches: delivered, tried again later, or dead
 *
 * And on request: replay, which makes deliveries of events that lie in the log.
 */
import type { Core } from '@strapi/strapi';
import { v7 as uuidv7 } from 'uuid';
import { createRegistry } from '../destinations/registry';
import { createWebhookDestination } from '../destinations/webhook';
import { downConvert } from '../domain/down-convert';
import { EventFactory } from '../flow/capture';
import { ClockWatch } from '../flow/deliver/clock-watch';
import { Deliverer } from '../flow/deliver/deliverer';
import { Shaper } from '../flow/deliver/shape/shaper';
import type { FailedDelivery } from '../flow/deliver/ports';
import { Loop } from '../flow/loop';
import type { Clock } from '../flow/ports';
import { replayStep } from '../flow/replay/run';
import { Verdicts } from '../flow/verdicts';
import { dialectOf, ownTransaction } from '../store/database';
import type { Database, RunInTransaction } from '../store/database';
import { Approvals } from './approvals';
import { breakerPolicy } from './breaker-policy';
import { createCapturing } from './capturing';
import { ClientCertificates } from './client-certificates';
import { createCatalogue } from './catalogue';
import { readContentSchema } from './content-schema';
import { Deliveries } from './deliveries';
import { Directory } from './directory';
import { eventLinks, publicRoutes } from './event-links';
import { describeEventType } from './event-type';
import { Events } from './events';
import { createExpressions } from './expressions';
import { keyUpkeep } from './key-upkeep';
import { Metrics } from './metrics/metrics';
import { logOf } from './log';
import { OperationalEvents } from './operational-events';
import { readOptions } from './options';
import { OwnerMail } from './owner-mail';
import { pipelineStatus } from './pipeline-status';
import { ProducerKeys } from './producer-keys';
import { reencryptSecrets } from './reencryption';
import { Replays } from './replays';
import { Schemas } from './schemas';
import { Secrets } from './secrets';
import { mailerOf } from './strapi-mailer';
import { SubscriptionKeys } from './subscription-keys';
import { createOutside } from './outside';
import { createSequencing } from './sequencing';
import { SlaService } from './sla';
import { Subscriptions } from './subscriptions';
import { sendTestEvent } from './test-event';
import { inTransaction } from './transaction';
import { VERSION } from './version';
import { createWakeUps } from './wake-ups';
import type { WakeUps } from './wake-ups';

export type Pipeline = ReturnType<typeof createPipeline>;

/** Wires everything; nothing runs before `start`. */
export function createPipeline({ strapi }: { strapi: Core.Strapi }) {
  const options = readOptions(strapi);
  const clock: Clock = { now: () => new Date(), random: Math.random };
  const newId = () => uuidv7();
  const log = logOf(strapi);
  const db = (): Database => strapi.db.connection;
  // Services may be called within a transaction of the application, and join it; loops never are.
  const joined: RunInTransaction = (work) => inTransaction(strapi, (trx) => work(trx));
  const own: RunInTransaction = (work) => ownTransaction(db(), work);

  const schema = readContentSchema(strapi);
  const catalogue = createCatalogue(options, schema);
  const factory = new EventFactory({
    settings: { producerId: options.producerId, maxEventBytes: options.capture.maxEventBytes },
    clock,
    newId,
  });
  const operational = new OperationalEvents(catalogue, factory);
  const policy = options.network;
  const destinations = createRegistry({ webhook: createWebhookDestination({ policy }) });
  const secrets = new Secrets(strapi, options.secrets.previousEncryptionKeys);
  const expressions = createExpressions(options, clock);
  const shaper = new Shaper({
    evaluate: expressions.transform,
    downConvert: (event, major) =>
      downConvert(catalogue.definition(event.event_type), event, major),
    linkTo: eventLinks(strapi),
    clock,
  });
  const { producerId } = options;
  const evaluate = expressions.condition;
  const directory = new Directory(secrets, destinations, { shaper, producerId, catalogue, clock });

  const deliveryFailed = (failed: FailedDelivery) =>
    operational.deliveryFailed(failed, directory.nameOf(failed.subscriptionId));
  const verdicts: Verdicts = new Verdicts({
    db,
    evaluate,
    ready: () => sequencer.wake(),
  });
  const ownerMail = new OwnerMail({
    db,
    mailer: () => mailerOf(strapi),
    settings: options.ownerMail,
    producerId: options.producerId,
    panelUrl: () => strapi.config.get<string | undefined>('admin.absoluteUrl') || null,
    newId,
    clock,
    log,
  });

  const sla = new SlaService({
    db,
    transaction: own,
    catalogue,
    operational,
    options: options.sla,
    committed: () => wakeUps.committed(),
    clock,
    log,
  });
  const metrics = options.metrics.enabled
    ? new Metrics({
        db,
        attainment: () => sla.attainment(),
        clock,
        version: VERSION,
        options: options.metrics,
      })
    : null;
  const deliverer: Deliverer = new Deliverer(
    {
      db: strapi.db.connection,
      transaction: own,
      targets: () => directory.targets(db()),
      deliveryFailed,
      raise: {
        paused: (id, reason) => operational.subscriptionPaused(id, directory.nameOf(id), reason),
        recovered: (id) => operational.subscriptionRecovered(id, directory.nameOf(id)),
        disabled: (id, reason) =>
          operational.subscriptionDisabled(id, directory.nameOf(id), reason),
      },
      tellOwner: (notice) => ownerMail.tell(notice),
      breaker: breakerPolicy(options.delivery.breaker),
      observer: metrics?.observer,
      eventsInserted: () => wakeUps.committed(),
      newId,
      clock: new ClockWatch(clock),
      log,
    },
    {
      version: VERSION,
      concurrency: options.delivery.concurrency,
      claimSize: options.delivery.claimSize,
      flushMs: options.delivery.flushMilliseconds,
      leaseMs: options.delivery.leaseSeconds * 1_000,
      pollMs: options.delivery.pollSeconds * 1_000,
      drainMs: options.delivery.drainSeconds * 1_000,
    },
  );

  const replayPorts = {
    db: strapi.db.connection,
    transaction: own,
    rule: (id: string) => directory.rule(db(), id, expressions.condition),
    due: () => deliverer.wake(),
    newId,
    clock,
    log,
  };
  const replaySettings = {
    maxWaiting: options.replays.maxWaiting,
    pollMs: options.delivery.pollSeconds * 1_000,
  };
  const replayer = new Loop({
    name: 'Replaying',
    step: () => replayStep(replayPorts, replaySettings),
    log,
  });

  const { sequencer, head, approved } = createSequencing({
    options,
    db,
    transaction: own,
    catalogue,
    directory,
    verdicts,
    sla,
    metrics,
    deliverer: () => deliverer,
    wakeUps: () => wakeUps,
    deliveryFailed,
    newId,
    clock,
    log,
  });

  const works = options.role !== 'producer';
  const wakeUps: WakeUps = createWakeUps({
    db: db(),
    notify: options.notify,
    works,
    sender: newId(),
    log,
    sequencer,
    deliverer,
    head,
  });
  const { capture, dueMoments, revalidate } = createCapturing({
    strapi,
    options,
    db,
    schema,
    catalogue,
    factory,
    clock,
    log,
    committed: () => wakeUps.committed(),
  });
  const changed = () => wakeUps.changed();
  const stored = { db, transaction: joined, secrets, newId, clock, changed };
  const producerKeys = new ProducerKeys(stored);
  const clientCertificates = new ClientCertificates(stored);
  const routes = publicRoutes(strapi);
  const events = new Events({ db, revalidate });
  const schemas = new Schemas({ db, catalogue, clock, producerId, routes });
  const upkeep = keyUpkeep({ db, clock, log });
  const outside = createOutside({
    ...{ strapi, options, db, own, joined, secrets, catalogue, factory, operational, shaper },
    deliveryFailed,
    ...{ schemas, evaluate: expressions, head, routes, changed, newId, clock, log },
    committed: () => wakeUps.committed(),
    due: () => wakeUps.due(),
  });

  return {
    ...outside.services,
    capture,
    catalogue,
    subscriptions: new Subscriptions({
      ...stored,
      catalogue,
      destinations,
      evaluate,
      policy,
      operational,
      partners: outside.services.partners,
      prepareSave: async (trx, { destination, signing }) => {
        await clientCertificates.require(trx, destination.client_certificate_id);
        if (signing.ed25519 || signing.jws) {
          await producerKeys.ensure(trx);
        }
      },
    }),
    subscriptionKeys: new SubscriptionKeys(stored),
    producerKeys,
    clientCertificates,
    replays: new Replays({
      db,
      transaction: own,
      rule: replayPorts.rule,
      settings: options.replays,
      newId,
      clock,
      started: () => replayer.wake(),
    }),
    deliveries: new Deliveries({
      db,
      transaction: own,
      clock,
      newId,
      due: () => wakeUps.due(),
    }),
    events,
    approvals: new Approvals({
      transaction: own,
      find: (eventId) => events.find(eventId),
      approved,
    }),
    schemas,
    describeEventType: (type: string) => describeEventType({ db: db(), catalogue, schemas }, type),
    sla,
    metrics,

    sendTest: (subscriptionId: string, actor: Parameters<typeof sendTestEvent>[2]) =>
      sendTestEvent(
        { db, operational, deliverer, inserted: () => wakeUps.committed() },
        subscriptionId,
        actor,
      ),

    status: () => pipelineStatus({ db: db(), directory, secrets, policy }),

    async start(): Promise<void> {
      // What is still under another key can be read all the same, so a failure is no reason not to start.
      await reencryptSecrets({ transaction: own, secrets, log }).catch((error: unknown) => {
        log.error('Secrets could not be encrypted again; the next start tries it', { error });
      });
      wakeUps.start();
      head.start();
      outside.start();
      if (works) {
        const routes = await directory.routes(db());
        if (routes.some(({ condition }) => condition !== null)) {
          // Not awaited: the boot does not depend on it.
          void expressions.warm();
        }
        upkeep.start();
        sequencer.start();
        dueMoments.start();
        sla.start();
        await deliverer.start({ alone: dialectOf(db()) === 'sqlite' });
        replayer.start();
      }
    },

    /** In reverse; lets requests under way end. */
    async stop(): Promise<void> {
      if (works) {
        await dueMoments.stop();
        await replayer.stop();
        await deliverer.stop();
        await sequencer.stop();
        await sla.stop();
        await upkeep.stop();
        await ownerMail.stop();
      }
      await outside.stop();
      await head.stop();
      await wakeUps.stop();
      // Last: what was told that Newswire stops would be a dead letter to a sequencer that still runs.
      expressions.close();
      await destinations.close();
    },
  };
}
