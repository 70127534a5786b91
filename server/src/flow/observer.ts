/** Told of what has been committed, for metrics. Must be quick, and must not throw. A process may have none. */
export interface Observer {
  sequenced(batch: { events: number; deliveries: number }): void;
  settled(results: readonly ObservedResult[]): void;
}

/** What is of interest of an attempt whose result has been written. */
export interface ObservedResult {
  job: {
    delivery: { subscriptionId: string; replay: boolean };
    event: { occurredAt: Date };
    /** The events of a batch, which waited for one another; null for a single one. */
    batch: readonly unknown[] | null;
  };
  /** Where the delivery went; `waiting` is to be tried again. */
  status: string;
  attempt: { number: number; startedAt: Date; durationMs: number; outcome: string };
}
