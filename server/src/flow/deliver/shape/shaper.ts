import { BATCH, batchBytes } from '../../../domain/batch';
import type { SequencedEvent } from '../../../store/read-event-bodies';
import type { Clock } from '../../ports';
import { Memo } from './memo';
import { encodeBody } from './request-body';
import type { RequestBody } from './request-body';
import type { Shape } from './shape';
import { isWhole, writeEvent } from './write-event';
import type { Unshaped, WrittenEvent, WritePorts } from './write-event';

/** What is kept of shaped events, in this process. */
const MEMO = { entries: 1_000, bytes: 32 * 1_048_576, ageMs: 60_000 };

/** One event, shaped and encoded. */
export interface ShapedRequest extends RequestBody {
  kind: 'shaped';
  schemaVersion: string;
}

/**
 * Brings events into the shapes of subscriptions. An event that goes to many subscriptions in one shape is written,
 * transformed and compressed once.
 */
export class Shaper {
  readonly #ports: WritePorts;
  readonly #written: Memo<WrittenEvent | Unshaped>;
  readonly #requests: Memo<ShapedRequest | Unshaped>;

  constructor(ports: WritePorts & { clock: Pick<Clock, 'now'> }) {
    this.#ports = ports;
    const now = () => ports.clock.now().getTime();
    this.#written = new Memo({
      ...MEMO,
      now,
      sizeOf: (made) => (made.kind === 'written' ? made.text.length * 2 : null),
    });
    this.#requests = new Memo({
      ...MEMO,
      now,
      // The text is counted where it was written; the event's own is held by who sends it.
      sizeOf: (made) => (made.kind === 'shaped' ? Buffer.byteLength(made.body) : null),
    });
  }

  /** One event as JSON text. */
  async write(event: SequencedEvent, shape: Shape): Promise<WrittenEvent | Unshaped> {
    return isPlain(event, shape)
      ? writeEvent(event, shape, this.#ports)
      : this.#written.get(keyOf(event, shape), () => writeEvent(event, shape, this.#ports));
  }

  /** One event as the body of a request of its own. */
  async request(event: SequencedEvent, shape: Shape): Promise<ShapedRequest | Unshaped> {
    return shape.settings.gzip
      ? this.#requests.get(keyOf(event, shape), () => this.#encode(event, shape))
      : this.#encode(event, shape);
  }

  /**
   * Events as the body of one request. None of them is left out: a batch with an event that cannot be shaped is not sent,
   * and the reason names that event.
   */
  async batch(
    batchId: string,
    events: readonly SequencedEvent[],
    shape: Shape,
  ): Promise<ShapedRequest | Unshaped> {
    const texts: string[] = [];
    let own = true;
    for (const event of events) {
      const written = await this.write(event, shape);
      if (written.kind !== 'written') {
        return { ...written, reason: `Event ${event.eventId}: ${written.reason}` };
      }
      texts.push(written.text);
      own &&= written.own;
    }
    // The frame of a batch is ours, whatever format its events have.
    const encoding = { body: 'event', gzip: shape.settings.gzip } as const;
    const encoded = await encodeBody(batchBytes(batchId, texts), encoding, { own });
    return { kind: 'shaped', schemaVersion: BATCH, ...encoded };
  }

  async #encode(event: SequencedEvent, shape: Shape): Promise<ShapedRequest | Unshaped> {
    const written = await this.write(event, shape);
    if (written.kind !== 'written') return written;
    const { text, own, schemaVersion } = written;
    return { kind: 'shaped', schemaVersion, ...(await encodeBody(text, shape.settings, { own })) };
  }
}

function keyOf(event: SequencedEvent, shape: Shape): string {
  const items = event.items && shape.items ? shape.items.key : '';
  return `${event.id}:${shape.key}:${items}`;
}

/** The stored bytes, whatever the event: nothing to gain by keeping them once more. */
function isPlain(event: SequencedEvent, shape: Shape): boolean {
  const { settings, projection } = shape;
  const asked = settings.body !== 'event' || projection !== null || settings.transform !== null;
  return !asked && isWhole(event, shape);
}
