import type { FeedSettings } from '../../contracts/feed';
import type { Catalogue } from '../../domain/catalogue';
import { compileFeedRule } from '../../domain/feed-rule';
import type { FeedRule } from '../../domain/feed-rule';
import { compileShape } from '../../flow/deliver/shape/shape';
import type { Shape } from '../../flow/deliver/shape/shape';
import type { Database } from '../../store/database';
import { loadFeeds } from '../../store/feeds';
import type { FeedRow } from '../../store/feeds';
import type { Secrets } from '../secrets';
import type { FeedReader } from './reader';

/** A feed, ready to be read. */
export interface KnownFeed {
  id: string;
  slug: string;
  settings: FeedSettings;
  /** Null where it cannot be decrypted. */
  cursorKey: Buffer | null;
  updatedAt: Date;
  prepared: Map<string, Prepared>;
}

/** What of a feed depends on who reads it. */
export interface Prepared {
  rule: FeedRule;
  shape: Shape;
}

/** Readers of one feed that something is kept prepared for. */
const MAX_PREPARED = 1_000;

interface Snapshot {
  version: number;
  bySlug: Map<string, KnownFeed>;
}

/** All feeds in memory, loaded again when the configuration has moved. */
export class FeedDirectory {
  readonly #parts: { db: () => Database; secrets: Secrets; catalogue: Catalogue };
  #snapshot: Snapshot | null = null;

  constructor(parts: { db: () => Database; secrets: Secrets; catalogue: Catalogue }) {
    this.#parts = parts;
  }

  /**
   * A feed that the reader may read; null for any other, whether it is there or not.
   *
   * @param version the configuration's, just read.
   */
  async find(slug: string, reader: FeedReader, version: number): Promise<KnownFeed | null> {
    const feed = (await this.#at(version)).get(slug);
    return feed && mayRead(feed, reader) ? feed : null;
  }

  /** The feeds that a reader may read, by slug. */
  async readable(reader: FeedReader, version: number): Promise<KnownFeed[]> {
    const feeds = [...(await this.#at(version)).values()];
    return feeds.filter((feed) => mayRead(feed, reader)).sort((a, b) => (a.slug < b.slug ? -1 : 1));
  }

  /** The feeds that show what a rule shows to anybody: who is to be told of what happens to it. */
  idsByRule(digest: string): string[] {
    return [...(this.#snapshot?.bySlug.values() ?? [])]
      .filter(({ prepared }) => [...prepared.values()].some(({ rule }) => rule.digest === digest))
      .map(({ id }) => id);
  }

  /** What a reader gets of a feed, prepared once. */
  prepare(feed: KnownFeed, { partner }: FeedReader): Prepared {
    const key = partner?.rule.key ?? '';
    const known = feed.prepared.get(key);
    if (known) return known;
    const { settings } = feed;
    const rights = partner && { rights: partner.settings, rule: partner.rule };
    const prepared: Prepared = {
      rule: compileFeedRule(settings, rights, this.#parts.catalogue),
      shape: compileShape(
        {
          body: 'event',
          projection: settings.projection,
          transform: settings.transform,
          schema_majors: {},
          gzip: false,
        },
        settings.filter.scope,
        partner?.rule ?? null,
      ),
    };
    // A partner whose rights change often must not fill the memory.
    if (feed.prepared.size >= MAX_PREPARED) feed.prepared.clear();
    feed.prepared.set(key, prepared);
    return prepared;
  }

  /** Never goes back: who asked earlier and is answered later is given what was loaded meanwhile. */
  async #at(version: number): Promise<Map<string, KnownFeed>> {
    if (this.#snapshot && this.#snapshot.version >= version) return this.#snapshot.bySlug;
    const rows = await loadFeeds(this.#parts.db());
    const bySlug = new Map(rows.map((row) => [row.slug, this.#toKnown(row)]));
    if (!this.#snapshot || this.#snapshot.version < version) this.#snapshot = { version, bySlug };
    return this.#snapshot.bySlug;
  }

  #toKnown(row: FeedRow): KnownFeed {
    const key = this.#parts.secrets.decrypt(row.encryptedCursorKey);
    return {
      id: row.feedId,
      slug: row.slug,
      settings: row.settings as FeedSettings,
      cursorKey: key === null ? null : Buffer.from(key, 'base64'),
      updatedAt: row.updatedAt,
      prepared: new Map(),
    };
  }
}

function mayRead({ settings }: KnownFeed, { partner }: FeedReader): boolean {
  return partner === null
    ? settings.partner_ids.length === 0
    : settings.partner_ids.includes(partner.id);
}
