import { bringForward } from '../../store/bring-forward';
import { retryTransient } from '../retry-transient';
import type { DeliverPorts } from './ports';

/**
 * So long after a clock was set back, and twice at least, what waits for it is brought forward: what was decided before may
 * be written only now, by a busy database after seconds.
 */
const BRING_FORWARD_FOR_MS = 10_000;

/** Looks at every heartbeat whether the clock was set back, and then brings forward what waits for it. */
export class ClockSetBack {
  readonly #ports: Pick<DeliverPorts, 'transaction' | 'clock' | 'breaker' | 'log'>;
  readonly #rounds: number;
  #roundsLeft = 0;

  constructor(
    ports: Pick<DeliverPorts, 'transaction' | 'clock' | 'breaker' | 'log'>,
    beatMs: number,
  ) {
    this.#ports = ports;
    this.#rounds = Math.max(2, Math.ceil(BRING_FORWARD_FOR_MS / beatMs));
  }

  /** Tells whether it had to look through what waits. */
  async beat(): Promise<boolean> {
    if (this.#ports.clock.wasSetBack()) this.#roundsLeft = this.#rounds;
    if (this.#roundsLeft === 0) {
      return false;
    }
    await this.#bringForward();
    this.#roundsLeft -= 1;
    return true;
  }

  async #bringForward(): Promise<void> {
    const { transaction, clock, breaker, log } = this.#ports;
    const { firstProbeMs } = breaker;
    const brought = await retryTransient(() =>
      transaction((trx) => bringForward(trx, { now: clock.now(), firstProbeMs })),
    );
    if (brought > 0) {
      log.warn('The clock was set back: brought forward what waited for it', { brought });
    }
  }
}
