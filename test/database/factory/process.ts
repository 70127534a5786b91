import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';
import { operationalDefinitions } from '../../../config/presets/operational';
import type { Destination } from '../../../server/src/destinations/contract';
import { downConvert } from '../../../server/src/domain/down-convert';
import { createRegistry } from '../../../server/src/destinations/registry';
import { createWebhookDestination } from '../../../server/src/destinations/webhook';
import type { WebhookSettings } from '../../../server/src/destinations/webhook';
import { Catalogue } from '../../../server/src/domain/catalogue';
import type { BreakerPolicy } from '../../../server/src/domain/endpoint-health';
import { seconds } from '../../../server/src/domain/retry';
import { EventFactory } from '../../../server/src/flow/capture';
import { Shaper } from '../../../server/src/flow/deliver/shape/shaper';
import { ClockWatch } from '../../../server/src/flow/deliver/clock-watch';
import { Deliverer } from '../../../server/src/flow/deliver/deliverer';
import type {
  DeliverPorts,
  DeliverSettings,
  OwnerNotice,
} from '../../../server/src/flow/deliver/ports';
import type { Evaluate } from '../../../server/src/flow/expression/ports';
import type { Clock } from '../../../server/src/flow/ports';
import { retryTransient } from '../../../server/src/flow/retry-transient';
import {
  sequenceBatch,
  type Sequenced,
  type SequencerPorts,
} from '../../../server/src/flow/sequence';
import { Verdicts } from '../../../server/src/flow/verdicts';
import { Directory } from '../../../server/src/services/directory';
import { OperationalEvents } from '../../../server/src/services/operational-events';
import type { Secrets } from '../../../server/src/services/secrets';
import { ownTransaction } from '../../../server/src/store/database';
import type { Database, RunInTransaction } from '../../../server/src/store/database';
import { enter } from '../../support/leftovers';
import { newId } from './log';

/** Small, so that a test sees several claims, batches and heartbeats; long where a test has no business to wait. */
const SETTINGS: DeliverSettings = {
  version: '0.0.0',
  concurrency: 256,
  claimSize: 250,
  flushMs: 10,
  leaseMs: 30_000,
  pollMs: 50,
  drainMs: 5_000,
};

/** As the options have it by default. */
const BREAKER: BreakerPolicy = {
  failures: 20,
  failingMs: seconds(30),
  firstProbeMs: seconds(30),
  maxProbeMs: seconds(600),
};

export interface ProcessInput {
  breaker?: Partial<BreakerPolicy>;
  settings?: Partial<DeliverSettings>;
  /** Stands in for the transaction port; gets the real one. */
  transaction?: (run: RunInTransaction) => RunInTransaction;
  newId?: () => string;
  clock?: Clock;
  /** Stands in for the sandboxes. */
  evaluate?: Evaluate;
  /** What partners may have goes by it; without one they may have nothing. */
  catalogue?: Catalogue;
}

export interface LogLine {
  level: 'info' | 'warn' | 'error';
  message: string;
  details: Record<string, unknown>;
}

/** The parts of one Newswire process, wired as services/pipeline.ts wires them, but for Strapi and its loops. */
export interface TestProcess {
  db: Knex;
  deliverer: Deliverer;
  deliverPorts: DeliverPorts;
  sequencerPorts: SequencerPorts;
  directory: Directory;
  /** Numbers and routes all that is there, batch by batch. */
  sequence(batchSize?: number): Promise<Sequenced>;
  /** Starts the deliverer; a test that does stops it. */
  start(): Promise<void>;
  /** Stops the deliverer as a process does that ends in order. */
  stop(): Promise<void>;
  /** Transactions begun so far, and whether the caller's own code runs inside of one. */
  transactions: { begun: number; inside(): boolean };
  /** True when a request was ever begun by code that ran inside a transaction. */
  sentInTransaction: boolean;
  lines: LogLine[];
  /** What the owners of subscriptions were told. */
  notices: OwnerNotice[];
}

/** Makes a process on a pool of connections. Its receivers may be on the loopback interface, without TLS. */
export function makeProcess(db: Knex, input: ProcessInput = {}): TestProcess {
  const clock = input.clock ?? { now: () => new Date(), random: () => 0 };
  const makeId = input.newId ?? newId;
  const lines: LogLine[] = [];
  const notices: OwnerNotice[] = [];
  const write =
    (level: LogLine['level']) =>
    (message: string, details: Record<string, unknown> = {}) =>
      void lines.push({ level, message, details });

  const scope = new AsyncLocalStorage<true>();
  const transactions = { begun: 0, inside: () => scope.getStore() === true };
  const run: RunInTransaction = (work) => {
    transactions.begun += 1;
    return ownTransaction(db, (trx) => scope.run(true, () => work(trx)));
  };
  const transaction = input.transaction?.(run) ?? run;

  const policy = { allowHttp: true, allow: ['127.0.0.0/8'] };
  const webhook = watched(createWebhookDestination({ policy }), () => {
    process.sentInTransaction ||= transactions.inside();
  });
  const destinations = createRegistry({ webhook });
  // What is encrypted is Strapi's business; here it is stored in clear.
  const secrets = { decrypt: (text: string) => text } as unknown as Secrets;
  const evaluate = input.evaluate ?? withoutSandbox;
  const shaper = new Shaper({
    evaluate,
    downConvert: (event, major) => downConvert(undefined, event, major),
    linkTo: (eventId) => `https://cms.example.com/api/newswire/manage/events/${eventId}`,
    clock,
  });
  const operational = operationalEvents(clock, makeId);
  const catalogue = input.catalogue ?? new Catalogue([], { contentTypes: {}, components: {} });
  const directory = new Directory(secrets, destinations, {
    shaper,
    producerId: 'test',
    catalogue,
    clock,
  });

  const deliverPorts: DeliverPorts = {
    db,
    transaction,
    targets: () => directory.targets(db),
    deliveryFailed: (failed) =>
      operational.deliveryFailed(failed, directory.nameOf(failed.subscriptionId)),
    raise: {
      paused: (id, reason) => operational.subscriptionPaused(id, directory.nameOf(id), reason),
      recovered: (id) => operational.subscriptionRecovered(id, directory.nameOf(id)),
      disabled: (id, reason) => operational.subscriptionDisabled(id, directory.nameOf(id), reason),
    },
    tellOwner: (notice) => void notices.push(notice),
    breaker: { ...BREAKER, ...input.breaker },
    eventsInserted: () => undefined,
    newId: makeId,
    clock: new ClockWatch(clock),
    log: { info: write('info'), warn: write('warn'), error: write('error') },
  };
  const sequencerPorts: SequencerPorts = {
    transaction,
    routes: (trx: Database, version: number) => directory.routes(trx, version),
    verdicts: new Verdicts({ db: () => db, evaluate, ready: () => undefined }),
    deliveryFailed: (failed) => deliverPorts.deliveryFailed(failed),
    newId: makeId,
    clock,
  };
  const deliverer = new Deliverer(deliverPorts, { ...SETTINGS, ...input.settings });
  let strikeOff: (() => void) | undefined;

  const process: TestProcess = {
    db,
    deliverer,
    deliverPorts,
    sequencerPorts,
    directory,
    sequence: (batchSize = 500) => sequenceAll(sequencerPorts, batchSize),
    start: async () => {
      strikeOff = enter('a deliverer', () => process.stop());
      await deliverer.start({ alone: false });
    },
    stop: async () => {
      strikeOff?.();
      await deliverer.stop();
      await destinations.close();
    },
    transactions,
    sentInTransaction: false,
    lines,
    notices,
  };
  return process;
}

const withoutSandbox: Evaluate = ({ source }) =>
  Promise.resolve({ kind: 'unfinished', reason: `this test has no sandbox for ${source}` });

async function sequenceAll(ports: SequencerPorts, batchSize: number): Promise<Sequenced> {
  const total: Sequenced = {
    events: 0,
    deliveries: 0,
    waiting: 0,
    lastRelease: null,
    more: true,
  };
  while (total.more) {
    const { events, deliveries, waiting, more } = await retryTransient(() =>
      sequenceBatch(ports, batchSize),
    );
    total.events += events;
    total.deliveries += deliveries;
    total.waiting += waiting;
    total.more = more;
  }
  return total;
}

function watched(
  destination: Destination<WebhookSettings>,
  onSend: () => void,
): Destination<WebhookSettings> {
  return {
    ...destination,
    send: (request, signal) => {
      onSend();
      return destination.send(request, signal);
    },
  };
}

/** The events that a process raises about itself. */
export function operationalEvents(clock: Clock, makeId: () => string): OperationalEvents {
  const settings = { producerId: 'test', maxEventBytes: 1_048_576 };
  return new OperationalEvents(
    new Catalogue(operationalDefinitions, { contentTypes: {}, components: {} }),
    new EventFactory({ settings, clock, newId: makeId }),
  );
}
