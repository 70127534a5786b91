import type { ListenConnection } from '../../store/listen-connection';
import { parseMessage } from './messages';
import type { Topic } from './messages';

/** Opens the connection and says what comes in and when it is over. */
export type OpenConnection = (on: {
  heard(payload: string): void;
  ended(error: Error): void;
}) => Promise<ListenConnection>;

export interface SessionInput {
  open: OpenConnection;
  /** Names this process. */
  sender: string;
  heard(topics: readonly Topic[]): void;
  /** How long the server may take to answer, and a ping to come back. */
  answerMs: number;
}

/** One connection's life. Whatever waits on it rejects as soon as it is over. */
export class Session {
  readonly #input: SessionInput;
  readonly #waiting = new Set<(error: Error) => void>();
  #over: Error | null = null;
  #connection: ListenConnection | null = null;
  #pings = 0;
  #pong: () => void = () => undefined;

  constructor(input: SessionInput) {
    this.#input = input;
  }

  /** @throws where there is no connection to be had, or it does not bring back what is sent on it. */
  async open(): Promise<void> {
    const opening = this.#input.open({
      heard: (payload) => this.#heard(payload),
      ended: (error) => this.end(error),
    });
    const opened = opening.then(async (connection) => {
      this.#connection = connection;
      if (this.#over) await connection.close();
    });
    await this.#answered(opened);
    await this.ping();
  }

  async tell(topics: Topic[]): Promise<void> {
    await this.#notify({ topics });
  }

  /** A connection may look alive for hours after its other end has gone, or lead to a pooler that forgets who listens. */
  async ping(): Promise<void> {
    const ping = (this.#pings += 1);
    const back = new Promise<void>((resolve) => (this.#pong = resolve));
    await this.#notify({ ping });
    await this.#answered(
      back,
      'a notification did not come back: LISTEN needs PostgreSQL itself, or a pooler of sessions',
    );
  }

  /**
   * True when `done` comes within that time; keeps no process alive. Every wait is struck off when it ends: a race against
   * a promise that lives as long as the session would keep each of them.
   */
  isDoneWithin(done: Promise<void> | null, milliseconds: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (this.#over) {
        done?.catch(() => undefined);
        reject(this.#over);
        return;
      }
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(over);
        settle();
      };
      const over = (error: Error) => end(() => reject(error));
      const timer = setTimeout(() => end(() => resolve(false)), milliseconds);
      timer.unref();
      this.#waiting.add(over);
      done?.then(() => end(() => resolve(true)), over);
    });
  }

  /** The connection was lost, or is not wanted any more. */
  end(error: Error): void {
    this.#over ??= error;
    for (const over of [...this.#waiting]) {
      over(this.#over);
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.end(new Error('closed'));
    await this.#connection?.close();
  }

  async #notify(message: { topics: Topic[] } | { ping: number }): Promise<void> {
    if (!this.#connection) {
      throw new Error('the connection is not open');
    }
    const text = JSON.stringify({ from: this.#input.sender, ...message });
    await this.#answered(this.#connection.notify(text));
  }

  async #answered(done: Promise<void>, otherwise = 'the server does not answer'): Promise<void> {
    if (!(await this.isDoneWithin(done, this.#input.answerMs))) {
      const error = new Error(otherwise);
      this.end(error);
      throw error;
    }
  }

  #heard(payload: string): void {
    const message = parseMessage(payload);
    if (message?.kind === 'ping' && message.from === this.#input.sender) {
      if (message.ping === this.#pings) this.#pong();
    } else if (message?.kind === 'topics' && message.from !== this.#input.sender) {
      this.#input.heard(message.topics);
    }
  }
}
