import type { Catalogue } from '../domain/catalogue';
import type { Deliverer } from '../flow/deliver/deliverer';
import type { FailedDelivery } from '../flow/deliver/ports';
import { Head } from '../flow/feed/head';
import { Loop } from '../flow/loop';
import type { Pause } from '../flow/loop';
import type { Clock, Log, NewId } from '../flow/ports';
import { Releases } from '../flow/releases';
import { retryTransient } from '../flow/retry-transient';
import { releaseBatch, sequenceBatch } from '../flow/sequence';
import type { SequencerPorts } from '../flow/sequence';
import type { Verdicts } from '../flow/verdicts';
import type { Database, RunInTransaction } from '../store/database';
import type { NewEvent } from '../store/insert-events';
import { readReleased } from '../store/read-released';
import type { Directory } from './directory';
import type { Metrics } from './metrics/metrics';
import type { Options } from './options';
import type { SlaService } from './sla';
import type { WakeUps } from './wake-ups';

/** Numbering, routing and releasing in this process, and how far the log is released. */
export interface Sequencing {
  sequencer: Loop;
  head: Head;
  /** An event was approved: it is released soon. */
  approved: () => void;
}

export function createSequencing(parts: {
  options: Pick<Options, 'sequencer'>;
  db: () => Database;
  transaction: RunInTransaction;
  catalogue: Catalogue;
  directory: Directory;
  verdicts: Verdicts;
  sla: SlaService;
  metrics: Metrics | null;
  deliverer: () => Deliverer;
  wakeUps: () => WakeUps;
  deliveryFailed: (failed: FailedDelivery) => NewEvent | null;
  newId: NewId;
  clock: Clock;
  log: Log;
}): Sequencing {
  const { options, db, transaction, catalogue, directory, verdicts, sla, metrics } = parts;
  const { deliverer, wakeUps, deliveryFailed, newId, clock, log } = parts;
  const { batchSize, pollSeconds } = options.sequencer;
  const pollMs = pollSeconds * 1_000;
  const releases = new Releases({ pollMs });
  const head = new Head({ read: () => readReleased(db()), pollMs, log });

  const portsNow = (): SequencerPorts => ({
    transaction,
    routes: (trx, version) => directory.routes(trx, version),
    knownRoutes: directory.knownTargets().size,
    verdicts,
    offer: (ids) => deliverer().offer(ids, directory.knownTargets()),
    deliveryFailed,
    within: (eventType) => sla.within(eventType),
    isUrgent: (eventType) => catalogue.definition(eventType)?.priority === 'high',
    newId,
    clock,
  });

  async function step(): Promise<Pause> {
    const ports = portsNow();
    const done = await retryTransient(() => sequenceBatch(ports, batchSize));
    metrics?.observer.sequenced(done);
    const late = await releases.due(() => retryTransient(() => releaseBatch(ports, batchSize)));
    if (done.waiting + late.waiting > 0) {
      wakeUps().due();
    }
    const lastRelease = late.lastRelease ?? done.lastRelease;
    if (lastRelease !== null) {
      head.moved(lastRelease);
      wakeUps().released();
    }
    return done.more || late.more ? 'again' : { sleepMs: pollMs };
  }

  return {
    sequencer: new Loop({ name: 'Sequencing', step, log }),
    head,
    approved: () => {
      releases.wanted();
      wakeUps().committed();
    },
  };
}
