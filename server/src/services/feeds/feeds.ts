import { randomBytes } from 'node:crypto';
import { errors } from '@strapi/utils';
import type { ListAnswer } from '../../contracts/common';
import { createFeed, listFeeds as listQuery, updateFeed as updateBody } from '../../contracts/feed';
import type { Feed, FeedSettings } from '../../contracts/feed';
import type { FeedReaderAnswer } from '../../contracts/feed-page';
import type { Catalogue } from '../../domain/catalogue';
import type { Evaluate } from '../../flow/expression/ports';
import type { Clock, NewId } from '../../flow/ports';
import { bumpConfigVersion } from '../../store/config-version';
import type { Database, RunInTransaction } from '../../store/database';
import { deleteFeed, findFeed, insertFeed, listFeeds, updateFeed } from '../../store/feeds';
import type { FeedRow } from '../../store/feeds';
import { missingPartners } from '../../store/partners';
import { isUniqueViolation } from '../../store/unique-violation';
import { checkEventTypes, checkExpressions } from '../check-shape';
import { ConflictError } from '../conflict';
import { toListAnswer } from '../list-answer';
import type { Secrets } from '../secrets';
import { applyPatch } from '../subscription-resource';
import { fieldError, parseInput, refusal } from '../validation';
import type { FeedLag } from './lag';

/** Bytes of the key that a feed's cursors are authenticated under. */
const CURSOR_KEY_BYTES = 32;

export interface FeedsParts {
  db: () => Database;
  transaction: RunInTransaction;
  catalogue: Catalogue;
  secrets: Secrets;
  /** Parses expressions. */
  evaluate: Evaluate;
  lag: FeedLag;
  newId: NewId;
  clock: Clock;
  /** Feeds have changed. */
  changed: () => void;
}

/** Creates, changes and reads the settings of feeds. Input is validated here, whoever calls. */
export class Feeds {
  readonly #parts: FeedsParts;

  constructor(parts: FeedsParts) {
    this.#parts = parts;
  }

  /**
   * @throws ValidationError naming each wrong field; ConflictError (code `slug_taken`); ApplicationError (code
   *   `encryption_key_missing`) when the key of its cursors cannot be encrypted: nothing is stored then.
   */
  async create(input: unknown): Promise<Feed> {
    const settings = parseInput(createFeed, input, 'invalid_body');
    await this.#check(settings);
    const { secrets, newId, clock, transaction } = this.#parts;
    const now = clock.now();
    const row: FeedRow = {
      feedId: newId(),
      slug: settings.slug,
      settings,
      encryptedCursorKey: secrets.encrypt(randomBytes(CURSOR_KEY_BYTES).toString('base64')),
      problem: null,
      problemAt: null,
      createdAt: now,
      updatedAt: now,
    };
    await unlessTaken(settings.slug, () =>
      transaction(async (trx) => {
        await requirePartners(trx, settings);
        await insertFeed(trx, row);
        await bumpConfigVersion(trx);
      }),
    );
    this.#parts.changed();
    return toResource(row);
  }

  /** Changes the given fields, and leaves the others as they are. Cursors stay good. */
  async update(id: string, input: unknown): Promise<Feed> {
    const patch: Partial<Record<keyof FeedSettings, unknown>> = parseInput(
      updateBody,
      input,
      'invalid_body',
    );
    const { db, transaction, clock } = this.#parts;
    // Before the transaction: an expression may take its time to be parsed.
    const former = found(await findFeed(db(), id)).settings as FeedSettings;
    await this.#check(merged(former, patch));
    const row = await unlessTaken(typeof patch.slug === 'string' ? patch.slug : '', () =>
      transaction(async (trx) => {
        const known = found(await findFeed(trx, id, { lock: true }));
        const settings = merged(known.settings as FeedSettings, patch);
        if (patch.partner_ids !== undefined) await requirePartners(trx, settings);
        const fixed = { problem: null, problemAt: null };
        const changed = { ...known, ...fixed, slug: settings.slug, settings };
        const updated = { ...changed, updatedAt: after(known.updatedAt, clock.now()) };
        await updateFeed(trx, updated);
        await bumpConfigVersion(trx);
        return updated;
      }),
    );
    this.#parts.changed();
    return toResource(row);
  }

  async find(id: string): Promise<Feed> {
    return toResource(found(await findFeed(this.#parts.db(), id)));
  }

  async list(query: unknown): Promise<ListAnswer<Feed>> {
    const input = parseInput(listQuery, query, 'invalid_query');
    const { limit, after = null, partner_id: partnerId = null } = input;
    const page = await listFeeds(this.#parts.db(), { partnerId }, { limit, after });
    return toListAnswer(page, toResource, (row) => row.feedId);
  }

  /** Who has read the feed, and how far behind each of them is; who read last comes first. */
  async readers(id: string): Promise<ListAnswer<FeedReaderAnswer>> {
    const row = found(await findFeed(this.#parts.db(), id));
    const data = await this.#parts.lag.of(row);
    return { data, meta: { after: null, has_more: false } };
  }

  /** Deletes a feed; its cursors are nothing from then on, also under a new feed of that name. */
  async remove(id: string): Promise<void> {
    await this.#parts.transaction(async (trx) => {
      found(await findFeed(trx, id, { lock: true }));
      await deleteFeed(trx, id);
      await bumpConfigVersion(trx);
    });
    this.#parts.changed();
  }

  /** What a schema cannot say: do the patterns cover any event, can the expressions be parsed. */
  async #check(settings: FeedSettings): Promise<void> {
    const { catalogue, evaluate } = this.#parts;
    const wrong = [
      ...checkEventTypes(settings.event_types, catalogue),
      ...(await checkExpressions(settings, evaluate)),
    ];
    if (wrong.length > 0) throw refusal(wrong, 'invalid_body');
  }
}

function merged(settings: FeedSettings, patch: Record<string, unknown>): FeedSettings {
  return parseInput(createFeed, applyPatch(settings, patch), 'invalid_body');
}

/** Two changes in one millisecond are two changes to who has an entity tag. */
function after(former: Date, now: Date): Date {
  return now > former ? now : new Date(former.getTime() + 1);
}

async function requirePartners(trx: Database, { partner_ids }: FeedSettings): Promise<void> {
  const missing = await missingPartners(trx, partner_ids);
  if (missing.length === 0) return;
  throw refusal(
    missing.map((id) =>
      fieldError(
        ['partner_ids', String(partner_ids.indexOf(id))],
        `There is no partner with the id "${id}"`,
      ),
    ),
    'invalid_body',
  );
}

/** @throws ConflictError where the transaction failed because another feed has the slug, whoever was first. */
async function unlessTaken<T>(slug: string, save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ConflictError(`Another feed has the slug "${slug}"; choose another one`, {
      code: 'slug_taken',
    });
  }
}

/** A feed as the API shows it: without the key of its cursors. */
function toResource(row: FeedRow): Feed {
  return {
    id: row.feedId,
    ...(row.settings as FeedSettings),
    problem:
      row.problem === null || row.problemAt === null
        ? null
        : { message: row.problem, at: row.problemAt.toISOString() },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** @throws NotFoundError for none. */
function found(row: FeedRow | null): FeedRow {
  if (!row) throw new errors.NotFoundError('There is no such feed', { code: 'not_found' });
  return row;
}
