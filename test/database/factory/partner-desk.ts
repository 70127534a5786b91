import type { Knex } from 'knex';
import { inboundDefinitions } from '../../../config/presets/inbound';
import { operationalDefinitions } from '../../../config/presets/operational';
import type { PartnerSettings } from '../../../server/src/contracts/partner';
import { compilePartnerRule } from '../../../server/src/domain/partner-rule';
import { EventFactory } from '../../../server/src/flow/capture';
import { Callbacks } from '../../../server/src/services/callbacks/callbacks';
import { OperationalEvents } from '../../../server/src/services/operational-events';
import type { Caller } from '../../../server/src/services/partners/caller';
import { ownTransaction } from '../../../server/src/store/database';
import { findPartner } from '../../../server/src/store/partners';
import { anyDefinition, catalogueOf } from './definitions';
import { addEvents, type EventInput } from './facts';
import { newId } from './log';
import type { CallbackPorts } from '../../../server/src/flow/callbacks/ports';

/** What partners are sent, what they tell, and what is told of it. */
export const catalogue = catalogueOf(
  anyDefinition('content.ready', 'partner'),
  anyDefinition('license.offer', 'partner'),
  anyDefinition('contract.signed', 'internal'),
  ...inboundDefinitions,
  ...operationalDefinitions,
);

export interface PartnerDesk {
  callbacks: Callbacks;
  ports: Pick<CallbackPorts, 'transaction' | 'deliveryFailed' | 'clock'>;
  /** Sends a callback as a partner does, under a key of its own unless one is given. */
  tell(partnerId: string, body: object, key?: string): Promise<string>;
}

/** What takes callbacks in one process. */
export function makeDesk(
  db: Knex,
  now: () => Date = () => new Date(),
  /** Asked before a transaction is committed. */
  beforeCommit: () => Promise<void> = () => Promise.resolve(),
): PartnerDesk {
  const clock = { now, random: () => 0 };
  const settings = { producerId: 'test', maxEventBytes: 100_000 };
  const factory = new EventFactory({ settings, clock, newId });
  const operational = new OperationalEvents(catalogue, factory);
  const ports = {
    transaction: <T>(work: (trx: Knex) => Promise<T>) =>
      ownTransaction(db, async (trx) => {
        const result = await work(trx);
        await beforeCommit();
        return result;
      }),
    deliveryFailed: (failed: Parameters<CallbackPorts['deliveryFailed']>[0]) =>
      operational.deliveryFailed(failed, 'Desk'),
    clock,
  };
  const callbacks = new Callbacks({
    ...ports,
    db: () => db,
    catalogue,
    factory,
    committed: () => undefined,
  });
  return {
    callbacks,
    ports,
    tell: async (partnerId, body, key = newId()) => {
      const caller = await callerOf(db, partnerId);
      return (await callbacks.receive(caller, { key, body })).event_id;
    },
  };
}

async function callerOf(db: Knex, partnerId: string): Promise<Caller> {
  const row = await findPartner(db, partnerId);
  if (!row) throw new Error(`There is no partner ${partnerId}`);
  const partner = row.settings as PartnerSettings;
  const rule = compilePartnerRule(
    { id: partnerId, rights: partner, pseudonymKey: Buffer.alloc(32, 1) },
    (eventType) => catalogue.definition(eventType),
  );
  return { partnerId, partner, rule, token: null, standing: null };
}

/** What a callback was refused with. */
export async function codeOf(told: Promise<unknown>): Promise<string> {
  try {
    await told;
    return 'received';
  } catch (error) {
    return (error as { details?: { code?: string } }).details?.code ?? String(error);
  }
}

/** An offer of a title, about an offer document of its own unless one is given. */
export function offerOf(
  titleId: string,
  terms: object = {},
  input: Partial<EventInput> = {},
): EventInput {
  const license = { exclusive: false, territories: ['FR', 'BE'], windows: [], ...terms };
  return {
    type: 'license.offer',
    subjectType: 'api::offer.offer',
    payload: { title_id: titleId, license_terms: license },
    ...input,
  };
}

/** Puts one event into the log; numbering is the caller's. */
export async function addEvent(db: Knex, input: EventInput): Promise<string> {
  const [event] = await addEvents(db, [input]);
  if (!event) throw new Error('No event was made');
  return event.eventId;
}
