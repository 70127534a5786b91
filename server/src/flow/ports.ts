/** What the flow needs of the world around it; wired in services/pipeline.ts. */

/** Time and randomness, so that tests can set them. */
export interface Clock {
  now(): Date;
  /** In [0, 1). */
  random(): number;
}

/** Makes a UUIDv7. */
export type NewId = () => string;

/** One structured line per thing that happened; details never hold a secret or a payload. */
export interface Log {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}
