import type { Core } from '@strapi/strapi';
import type { Options } from '../../../config/options';
import type { Catalogue } from '../domain/catalogue';
import type { ContentSchema } from '../domain/content-type';
import type { EventFactory } from '../flow/capture';
import type { Clock, Log } from '../flow/ports';
import type { Database } from '../store/database';
import { Capture } from './capture';
import { DueMoments } from './due-moments';
import { revalidate } from './revalidation';
import { scheduleExisting } from './schedule-existing';
import { traceReader } from './trace';

/** What makes events of documents: writes, moments that have come, and invalid events that are validated again. */
export function createCapturing(input: {
  strapi: Core.Strapi;
  options: Options;
  db: () => Database;
  schema: ContentSchema;
  catalogue: Catalogue;
  factory: EventFactory;
  clock: Clock;
  log: Log;
  /** Called after the commit of a transaction that holds events. Must not throw: Strapi calls it unguarded. */
  committed(): void;
}) {
  const { options, ...parts } = input;
  const capture = new Capture({
    ...parts,
    onInvalid: options.capture.onInvalid,
    trace: options.capture.traceContext ? traceReader(parts.strapi) : () => null,
    scheduled: () => dueMoments.wake(),
  });
  const dueMoments: DueMoments = new DueMoments({
    ...parts,
    capture,
    pollMs: options.moments.pollSeconds * 1_000,
    scheduleExisting: scheduleExisting({ ...parts, presets: options.presets }),
  });
  return {
    capture,
    dueMoments,
    revalidate: (eventId: string) => revalidate({ ...parts, capture }, eventId),
  };
}
