import { randomBytes } from 'node:crypto';
import { errors } from '@strapi/utils';
import { createToken } from '../../contracts/partner';
import type { CreatedToken, PartnerToken } from '../../contracts/partner';
import { generateToken, hashOf, prefixOf } from '../../domain/access-token';
import type { Clock, NewId } from '../../flow/ports';
import { bumpConfigVersion } from '../../store/config-version';
import type { Database, RunInTransaction } from '../../store/database';
import {
  deletePartnerToken,
  insertPartnerToken,
  listPartnerTokens,
} from '../../store/partner-tokens';
import type { PartnerTokenRow } from '../../store/partner-tokens';
import { findPartner } from '../../store/partners';
import { ConflictError } from '../conflict';
import { fieldError, parseInput, refusal } from '../validation';
import { foundPartner } from './found-partner';
import { toPartnerToken } from './partner-resource';

/** Tokens of one partner. */
const MAX_TOKENS = 100;

export interface PartnerTokenParts {
  db: () => Database;
  transaction: RunInTransaction;
  newId: NewId;
  clock: Clock;
  /** Tokens have changed. */
  changed: () => void;
}

/** Hands out partners' tokens and takes them back. */
export class PartnerTokens {
  readonly #parts: PartnerTokenParts;

  constructor(parts: PartnerTokenParts) {
    this.#parts = parts;
  }

  /** The newest first, expired ones too; never the tokens themselves. @throws NotFoundError. */
  async list(partnerId: string): Promise<PartnerToken[]> {
    const { db } = this.#parts;
    foundPartner(await findPartner(db(), partnerId));
    return (await listPartnerTokens(db(), partnerId)).map(toPartnerToken);
  }

  /**
   * Makes a token.
   *
   * @returns the token, which is shown this once.
   * @throws NotFoundError; ValidationError; ConflictError (`too_many_tokens`).
   */
  async create(partnerId: string, input: unknown): Promise<CreatedToken> {
    const body = parseInput(createToken, input, 'invalid_body');
    const { transaction, newId, clock, changed } = this.#parts;
    const now = clock.now();
    const expiresAt = body.expires_at === null ? null : new Date(body.expires_at);
    if (expiresAt !== null && expiresAt <= now) {
      const message = 'This is over already; give a later time, or null for none';
      throw refusal([fieldError(['expires_at'], message)], 'invalid_body');
    }
    const token = generateToken(randomBytes);
    const row: PartnerTokenRow = {
      tokenId: newId(),
      partnerId,
      name: body.name,
      prefix: prefixOf(token),
      hash: hashOf(token),
      scopes: [...new Set(body.scopes)],
      expiresAt,
      lastUsedAt: null,
      createdAt: now,
    };
    await transaction(async (trx) => {
      foundPartner(await findPartner(trx, partnerId, { lock: true }));
      if ((await listPartnerTokens(trx, partnerId)).length >= MAX_TOKENS) {
        throw new ConflictError(
          `A partner has at most ${MAX_TOKENS} tokens; revoke one of them first`,
          { code: 'too_many_tokens' },
        );
      }
      await insertPartnerToken(trx, row);
      await bumpConfigVersion(trx);
    });
    changed();
    return { ...toPartnerToken(row), token };
  }

  /** Takes a token back: from here on it is refused by every process. @throws NotFoundError. */
  async revoke(partnerId: string, tokenId: string): Promise<void> {
    await this.#parts.transaction(async (trx) => {
      if (!(await deletePartnerToken(trx, { partnerId, tokenId }))) {
        throw new errors.NotFoundError('This partner has no such token', { code: 'not_found' });
      }
      await bumpConfigVersion(trx);
    });
    this.#parts.changed();
  }
}
