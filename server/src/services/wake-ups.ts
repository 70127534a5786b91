import { Announcements } from '../flow/announce/announcements';
import type { Topic } from '../flow/announce/messages';
import type { Log } from '../flow/ports';
import { dialectOf } from '../store/database';
import type { Database } from '../store/database';
import { openListenConnection } from '../store/listen-connection';

interface Wakeable {
  wake(): void;
}

/** Who is woken by what, in this process at once and in the others by an announcement. */
export interface WakeUps {
  /** Events were committed. */
  committed(): void;
  /** Deliveries are due. */
  due(): void;
  /** Subscriptions have changed, and events may have been committed. */
  changed(): void;
  /** Events were released to readers outside. */
  released(): void;
  start(): void;
  stop(): Promise<void>;
}

/**
 * What a process sees to itself is told the others so much later: a NOTIFY at once delays it (by 0.25 of 8 ms between an
 * editor's commit and the receiver, measured in November 2026), and is soon followed by another one.
 */
const GATHER_MS = 5;

/** The parts are woken whether they run or not: in a producer they do not, and a wake-up means nothing to them. */
export function createWakeUps(input: {
  db: Database;
  /** Announce to other processes, where the database can. */
  notify: boolean;
  /** This process sequences and delivers, too. */
  works: boolean;
  sender: string;
  log: Log;
  sequencer: Wakeable;
  deliverer: Wakeable & { changed(): void };
  head: Wakeable;
}): WakeUps {
  const { db, sender, log, sequencer, deliverer, head } = input;
  const wake: Record<Topic, () => void> = {
    events: () => sequencer.wake(),
    deliveries: () => deliverer.wake(),
    config: () => {
      sequencer.wake();
      deliverer.changed();
    },
    released: () => head.wake(),
  };
  const listens = input.notify && dialectOf(db) === 'postgres';
  const announcements = new Announcements(
    {
      open: listens ? (on) => openListenConnection(db, { channel: 'newswire', ...on }) : null,
      heard: (topics) => topics.forEach((topic) => wake[topic]()),
      sender,
      log,
    },
    { gather: input.works ? GATHER_MS : 0 },
  );
  const everywhere = (topic: Topic) => () => {
    wake[topic]();
    announcements.announce(topic);
  };
  return {
    committed: everywhere('events'),
    due: everywhere('deliveries'),
    changed: everywhere('config'),
    // In this process who has released something says how far.
    released: () => announcements.announce('released'),
    start: () => announcements.start(),
    stop: () => announcements.stop(),
  };
}
