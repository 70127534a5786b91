import { errors } from '@strapi/utils';
import {
  createClientCertificate,
  listClientCertificates as listQuery,
  type ClientCertificate,
} from '../contracts/client-certificate';
import type { ListAnswer } from '../contracts/common';
import type { SubscriptionSettings } from '../contracts/subscription';
import { readClientCertificate } from '../destinations/webhook';
import type { Clock, NewId } from '../flow/ports';
import {
  deleteClientCertificate,
  findClientCertificate,
  insertClientCertificate,
  listClientCertificates,
  type ClientCertificateRow,
} from '../store/client-certificates';
import { bumpConfigVersion } from '../store/config-version';
import type { Database, RunInTransaction } from '../store/database';
import { loadSubscriptions } from '../store/subscriptions';
import { ConflictError } from './conflict';
import { toListAnswer } from './list-answer';
import type { Secrets } from './secrets';
import { fieldError, parseInput, refusal } from './validation';

export interface ClientCertificateParts {
  db: () => Database;
  transaction: RunInTransaction;
  secrets: Secrets;
  newId: NewId;
  clock: Clock;
}

/** Certificates that are shown to endpoints (mTLS). The private key goes in and never comes out. */
export class ClientCertificates {
  readonly #parts: ClientCertificateParts;

  constructor(parts: ClientCertificateParts) {
    this.#parts = parts;
  }

  /** @throws ValidationError that says what is wrong with which part; ApplicationError (`encryption_key_missing`). */
  async create(input: unknown): Promise<ClientCertificate> {
    const body = parseInput(createClientCertificate, input, 'invalid_body');
    const { secrets, newId, clock, transaction } = this.#parts;
    const now = clock.now();
    const result = readClientCertificate(body, now);
    if ('problems' in result) {
      const fields = result.problems.map(({ path, message }) => fieldError([path], message));
      throw refusal(fields, 'invalid_body');
    }
    const { privateKey, ...read } = result.read;
    const row: ClientCertificateRow = {
      id: newId(),
      name: body.name,
      ...read,
      encryptedPrivateKey: secrets.encrypt(privateKey),
      createdAt: now,
    };
    await transaction(async (trx) => {
      await insertClientCertificate(trx, row);
      await bumpConfigVersion(trx);
    });
    return toResource(row);
  }

  async find(id: string): Promise<ClientCertificate> {
    return toResource(found(await findClientCertificate(this.#parts.db(), id)));
  }

  async list(query: unknown): Promise<ListAnswer<ClientCertificate>> {
    const { limit, after = null } = parseInput(listQuery, query, 'invalid_query');
    const page = await listClientCertificates(this.#parts.db(), { limit, after });
    return toListAnswer(page, toResource, (row) => row.id);
  }

  /** @throws ConflictError (code `in_use`) where a subscription shows it. */
  async remove(id: string): Promise<void> {
    await this.#parts.transaction(async (trx) => {
      found(await findClientCertificate(trx, id, { lock: true }));
      const users = (await loadSubscriptions(trx)).filter(
        ({ subscription }) =>
          (subscription.settings as SubscriptionSettings).destination.client_certificate_id === id,
      );
      if (users.length > 0) {
        const names = users.map(({ subscription }) => `"${subscription.name}"`).join(', ');
        throw new ConflictError(`In use by ${names}; give them another certificate first`, {
          code: 'in_use',
          subscription_ids: users.map(({ subscription }) => subscription.id),
        });
      }
      await deleteClientCertificate(trx, id);
      await bumpConfigVersion(trx);
    });
  }

  /**
   * In the transaction that saves a subscription: its certificate is there, and stays until the end.
   *
   * @throws ValidationError.
   */
  async require(trx: Database, id: string | null): Promise<void> {
    if (id === null || (await findClientCertificate(trx, id, { lock: true }))) {
      return;
    }
    const message = `There is no client certificate "${id}"; give the id of one of GET /client-certificates, or null`;
    throw refusal([fieldError(['destination', 'client_certificate_id'], message)], 'invalid_body');
  }
}

function toResource(row: ClientCertificateRow): ClientCertificate {
  return {
    id: row.id,
    name: row.name,
    certificate: row.certificate,
    subject: row.subject,
    fingerprint: row.fingerprint,
    not_after: row.notAfter.toISOString(),
    created_at: row.createdAt.toISOString(),
  };
}

function found(row: ClientCertificateRow | null): ClientCertificateRow {
  if (!row) {
    throw new errors.NotFoundError('There is no such client certificate', { code: 'not_found' });
  }
  return row;
}
