import type { Core } from '@strapi/strapi';
import type { Catalogue } from '../domain/catalogue';
import type { Shaper } from '../flow/deliver/shape/shaper';
import type { EventFactory } from '../flow/capture';
import type { FailedDelivery } from '../flow/deliver/ports';
import type { NewEvent } from '../store/insert-events';
import type { Evaluate } from '../flow/expression/ports';
import type { Head } from '../flow/feed/head';
import type { LogEnd } from '../flow/feed/log-end';
import type { Clock, Log, NewId } from '../flow/ports';
import type { Database, RunInTransaction } from '../store/database';
import type { OperationalEvents } from './operational-events';
import type { Options } from './options';
import type { Schemas } from './schemas';
import type { Secrets } from './secrets';

/** How the log and the configuration stand, read once for all that is done for a request. */
export interface WithLogEnd {
  end: LogEnd;
}

/** What everything for those outside (partners, feeds, callbacks) is made of. */
export interface OutsideParts {
  strapi: Core.Strapi;
  options: Options;
  db: () => Database;
  /** A transaction of its own. */
  own: RunInTransaction;
  /** The application's transaction, where there is one. */
  joined: RunInTransaction;
  secrets: Secrets;
  catalogue: Catalogue;
  factory: EventFactory;
  operational: OperationalEvents;
  /** The event that tells of a dead letter; null where none is due (operational events). */
  deliveryFailed: (failed: FailedDelivery) => NewEvent | null;
  shaper: Shaper;
  schemas: Schemas;
  evaluate: { condition: Evaluate; transform: Evaluate };
  head: Head;
  /** The absolute address of `/api/newswire`. */
  routes: string;
  /** Subscriptions, partners or feeds have changed. */
  changed: () => void;
  /** Events were committed. */
  committed: () => void;
  /** Deliveries are due. */
  due: () => void;
  newId: NewId;
  clock: Clock;
  log: Log;
}
