/** The type and the schema version that the headers of a batch name (spec §3). */
export const BATCH = 'batch';

/** How a subscription's batches are cut (spec §3). */
export interface BatchLimits {
  max_items: number;
  max_bytes: number;
  max_wait_seconds: number;
}

/** A batch as it stands: what it holds, and what of it counts towards its limits. */
export interface BatchFill {
  items: number;
  bytes: number;
}

/** What a batch adds around its events: braces, its id, and a comma for each. */
const FRAME_BYTES = 80;

/** Whether an event of so many bytes still fits. An empty batch takes any event, however large. */
export function fits(fill: BatchFill, bytes: number, limits: BatchLimits): boolean {
  return (
    fill.items === 0 ||
    (fill.items < limits.max_items && FRAME_BYTES + fill.bytes + bytes + 1 <= limits.max_bytes)
  );
}

/** Whether nothing more would fit worth waiting for: then it is sent without waiting any longer. */
export function isFull(fill: BatchFill, limits: BatchLimits): boolean {
  return fill.items >= limits.max_items || FRAME_BYTES + fill.bytes >= limits.max_bytes;
}

/** The bytes of a batch, from those of its events, in sequence order. */
export function batchBytes(batchId: string, events: readonly string[]): string {
  return `{"batch_id":${JSON.stringify(batchId)},"events":[${events.join(',')}]}`;
}
