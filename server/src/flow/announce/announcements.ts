/**
 * Wakes the other processes of this installation, on PostgreSQL by LISTEN and NOTIFY on a connection of its own.
 *
 *   connecting ──own ping comes back──▶ listening ──lost, or a ping lost──▶ waiting ──▶ connecting …
 *
 * A NOTIFY inside a transaction takes a lock that all committing transactions share (measured in November 2026, 2 ms added
 * to each fsync: 16 writers fall from 2,840 to 440 commits a second). So what happened is announced after the commit, from
 * here, and many announcements make one NOTIFY. They are hints: one that is lost costs a poll interval, nothing else.
 */
import type { Log } from '../ports';
import { TOPICS } from './messages';
import type { Topic } from './messages';
import { Session } from './session';
import type { OpenConnection } from './session';

export interface AnnouncementPorts {
  /** Null where the database has no such thing, and processes find things out by polling. */
  open: OpenConnection | null;
  /** Another process announced this, or may have while this one could not hear it. Must not throw. */
  heard(topics: readonly Topic[]): void;
  /** Names this process; its own announcements are passed over. */
  sender: string;
  log: Pick<Log, 'info' | 'warn'>;
}

/** All in milliseconds. */
export interface AnnouncementTimes {
  /** From an announcement to its NOTIFY. */
  gather: number;
  /** From one NOTIFY to the next, at least. */
  spacing: number;
  /** How often the connection is tried while nothing is heard of it. */
  pingEvery: number;
  /** How long the server may take to answer. */
  answer: number;
  firstBackoff: number;
  maxBackoff: number;
}

const TIMES: AnnouncementTimes = {
  gather: 0,
  spacing: 5,
  pingEvery: 30_000,
  answer: 5_000,
  firstBackoff: 250,
  maxBackoff: 30_000,
};

export class Announcements {
  readonly #ports: AnnouncementPorts;
  readonly #times: AnnouncementTimes;
  readonly #pending = new Set<Topic>();
  #announced: () => void = () => undefined;
  #interruptBackoff: () => void = () => undefined;
  #stopping = false;
  #running: Promise<void> = Promise.resolve();
  #session: Session | null = null;
  #failures = 0;

  constructor(ports: AnnouncementPorts, times: Partial<AnnouncementTimes> = {}) {
    this.#ports = ports;
    this.#times = { ...TIMES, ...times };
  }

  /** Begins to listen; does not wait for the connection. */
  start(): void {
    const { open } = this.#ports;
    if (open) {
      this.#stopping = false;
      this.#running = this.#run(open);
    }
  }

  /** Tells the other processes soon. To be called after the commit; safe from anywhere, as often as one likes. */
  announce(topic: Topic): void {
    if (this.#ports.open) {
      this.#pending.add(topic);
      this.#announced();
    }
  }

  /** Sends what is still to be told, where there is a connection, and ends. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#session) {
      // A hint that cannot be told is none: the others poll.
      await this.#tell(this.#session).catch(() => undefined);
      this.#session.end(new Error('this process stops'));
    }
    this.#interruptBackoff();
    await this.#running;
  }

  async #run(open: OpenConnection): Promise<void> {
    const { sender } = this.#ports;
    const heard = (topics: readonly Topic[]) => this.#ports.heard(topics);
    while (!this.#stopping) {
      const session = new Session({ open, sender, heard, answerMs: this.#times.answer });
      this.#session = session;
      try {
        await this.#serve(session);
      } catch (error) {
        this.#session = null;
        await session.close();
        await this.#failed(error);
      }
    }
  }

  /** Ends by an error alone: the connection is lost, or this process stops. */
  async #serve(session: Session): Promise<never> {
    await session.open();
    this.#established();
    for (;;) {
      const announced = new Promise<void>((resolve) => (this.#announced = resolve));
      if (
        this.#pending.size > 0 ||
        (await session.isDoneWithin(announced, this.#times.pingEvery))
      ) {
        if (this.#times.gather > 0) await session.isDoneWithin(null, this.#times.gather);
        await this.#tell(session);
        await session.isDoneWithin(null, this.#times.spacing);
      } else {
        await session.ping();
      }
    }
  }

  /** One NOTIFY for all that was announced since the last. What could not be told is told after the reconnection. */
  async #tell(session: Session): Promise<void> {
    const topics = [...this.#pending];
    if (topics.length === 0) {
      return;
    }
    this.#pending.clear();
    try {
      await session.tell(topics);
    } catch (error) {
      topics.forEach((topic) => this.#pending.add(topic));
      throw error;
    }
  }

  #established(): void {
    if (this.#failures > 0) {
      this.#ports.log.info('Notifications from other processes arrive again');
    }
    this.#failures = 0;
    // What was announced until now went unheard.
    this.#ports.heard(TOPICS);
  }

  /** Says so once, however long it lasts, and waits a while. */
  async #failed(error: unknown): Promise<void> {
    if (this.#stopping) {
      return;
    }
    this.#failures += 1;
    if (this.#failures === 1) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#ports.log.warn(
        'No notifications from other processes for now: what they do is found out by polling',
        { reason },
      );
    }
    const { firstBackoff, maxBackoff } = this.#times;
    const wait = Math.min(firstBackoff * 2 ** Math.min(this.#failures - 1, 20), maxBackoff);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      timer.unref();
      this.#interruptBackoff = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
