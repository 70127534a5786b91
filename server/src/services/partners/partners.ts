import { randomBytes } from 'node:crypto';
import type { ListAnswer } from '../../contracts/common';
import {
  createPartner,
  listPartners as listQuery,
  updatePartner as updateBody,
} from '../../contracts/partner';
import type { Partner, PartnerSettings } from '../../contracts/partner';
import type { Actor } from '../../domain/event';
import type { Clock, NewId } from '../../flow/ports';
import { bumpConfigVersion } from '../../store/config-version';
import type { Database, RunInTransaction } from '../../store/database';
import { leaveFeeds } from '../../store/leave-feeds';
import { listPartnerSubscriptions } from '../../store/partner-subscriptions';
import {
  deletePartner,
  findPartner,
  insertPartner,
  listPartners,
  updatePartner,
} from '../../store/partners';
import type { PartnerRow } from '../../store/partners';
import { ConflictError } from '../conflict';
import { toListAnswer } from '../list-answer';
import type { Secrets } from '../secrets';
import { fieldError, parseInput, refusal } from '../validation';
import { foundPartner } from './found-partner';
import { networkProblem } from './networks';
import { toPartner } from './partner-resource';

/** Bytes of the key under which personal data is made pseudonymous for one partner. */
const PSEUDONYM_KEY_BYTES = 32;

export interface PartnerParts {
  db: () => Database;
  transaction: RunInTransaction;
  secrets: Secrets;
  /** Pauses a suspended partner's subscriptions, and resumes those of one that is active again, in the transaction. */
  stateChanged: (trx: Database, partner: PartnerRow, actor: Actor) => Promise<void>;
  newId: NewId;
  clock: Clock;
  /** Partners have changed, or events were inserted. */
  changed: () => void;
}

/** Creates, changes and reads partners. Input is validated here, whoever calls. */
export class Partners {
  readonly #parts: PartnerParts;

  constructor(parts: PartnerParts) {
    this.#parts = parts;
  }

  /** @throws ValidationError naming each wrong field; ApplicationError (code `encryption_key_missing`). */
  async create(input: unknown): Promise<Partner> {
    const settings = parseInput(createPartner, input, 'invalid_body');
    check(settings);
    const { secrets, newId, clock, transaction } = this.#parts;
    const now = clock.now();
    const key = randomBytes(PSEUDONYM_KEY_BYTES).toString('base64');
    const row: PartnerRow = {
      partnerId: newId(),
      ...stored(settings),
      encryptedPseudonymKey: secrets.encrypt(key),
      createdAt: now,
      updatedAt: now,
    };
    await transaction(async (trx) => {
      await insertPartner(trx, row);
      await bumpConfigVersion(trx);
    });
    this.#parts.changed();
    return toPartner(row);
  }

  /**
   * Changes the given fields, and leaves the others as they are. Suspending a partner pauses its subscriptions; when it is
   * active again, those go on.
   */
  async update(id: string, input: unknown, actor: Actor): Promise<Partner> {
    const patch = parseInput(updateBody, input, 'invalid_body');
    const row = await this.#parts.transaction(async (trx) => {
      const former = foundPartner(await findPartner(trx, id, { lock: true }));
      const merged = { ...(former.settings as PartnerSettings), ...patch };
      const settings = parseInput(createPartner, merged, 'invalid_body');
      check(settings);
      const changed = { ...former, ...stored(settings), updatedAt: this.#parts.clock.now() };
      await updatePartner(trx, changed);
      if (changed.state !== former.state) await this.#parts.stateChanged(trx, changed, actor);
      await bumpConfigVersion(trx);
      return changed;
    });
    this.#parts.changed();
    return toPartner(row);
  }

  async find(id: string): Promise<Partner> {
    return toPartner(foundPartner(await findPartner(this.#parts.db(), id)));
  }

  async list(query: unknown): Promise<ListAnswer<Partner>> {
    const { limit, after = null, state = null } = parseInput(listQuery, query, 'invalid_query');
    const page = await listPartners(this.#parts.db(), { state }, { limit, after });
    return toListAnswer(page, toPartner, (row) => row.partnerId);
  }

  /** Deletes a partner and its tokens; feeds lose a reader. @throws ConflictError (code `partner_has_subscriptions`). */
  async remove(id: string): Promise<void> {
    await this.#parts.transaction(async (trx) => {
      foundPartner(await findPartner(trx, id, { lock: true }));
      const subscriptions = await listPartnerSubscriptions(trx, id);
      if (subscriptions.length > 0) {
        const names = subscriptions.map(({ name }) => `"${name}"`).join(', ');
        throw new ConflictError(`It has the subscriptions ${names}; delete them first`, {
          code: 'partner_has_subscriptions',
          subscription_ids: subscriptions.map((subscription) => subscription.id),
        });
      }
      await leaveFeeds(trx, id);
      await deletePartner(trx, id);
      await bumpConfigVersion(trx);
    });
    this.#parts.changed();
  }

  /**
   * In the transaction that gives a subscription to a partner: it is there and active, and stays so until the end.
   *
   * @throws ValidationError naming `partner_id`; ConflictError (code `partner_suspended`).
   */
  async requireActive(trx: Database, id: string): Promise<void> {
    requireActive(await findPartner(trx, id, { lock: true }), id);
  }

  /**
   * The same in the transaction that resumes a subscription, whose row is locked: the partner's is not, because who suspends
   * locks that one first. It will pause what is resumed here as soon as it gets hold of it.
   */
  async requireStillActive(trx: Database, id: string): Promise<void> {
    requireActive(await findPartner(trx, id), id);
  }
}

function requireActive(row: PartnerRow | null, id: string): void {
  if (!row) {
    const message = `There is no partner "${id}"; give the id of one of GET /partners, or null`;
    throw refusal([fieldError(['partner_id'], message)], 'invalid_body');
  }
  if (row.state === 'suspended') {
    throw new ConflictError(`The partner "${row.name}" is suspended; make it active first`, {
      code: 'partner_suspended',
      partner_id: id,
    });
  }
}

function stored(settings: PartnerSettings): Pick<PartnerRow, 'name' | 'state' | 'settings'> {
  return { name: settings.name, state: settings.state, settings };
}

/** What a schema cannot say. */
function check({ allowed_networks }: PartnerSettings): void {
  const wrong = allowed_networks.flatMap((network, index) => {
    const problem = networkProblem(network);
    return problem === null ? [] : [fieldError(['allowed_networks', String(index)], problem)];
  });
  if (wrong.length > 0) throw refusal(wrong, 'invalid_body');
}
