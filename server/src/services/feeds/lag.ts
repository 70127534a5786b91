import type { FeedReaderAnswer } from '../../contracts/feed-page';
import type { FeedSettings } from '../../contracts/feed';
import type { PartnerSettings } from '../../contracts/partner';
import type { Catalogue } from '../../domain/catalogue';
import { compileFeedRule } from '../../domain/feed-rule';
import type { FeedRule } from '../../domain/feed-rule';
import { findAfter } from '../../flow/feed/find';
import type { LogEnd } from '../../flow/feed/log-end';
import type { Recent } from '../../flow/feed/recent';
import type { Views } from '../../flow/feed/views';
import type { Database } from '../../store/database';
import { listFeedReads } from '../../store/feed-reads';
import type { FeedRead } from '../../store/feed-reads';
import type { FeedRow } from '../../store/feeds';
import { findPartner } from '../../store/partners';
import { partnerRule } from '../partner-rules';
import type { Secrets } from '../secrets';

/** Readers shown of one feed, and unread events counted for each of them. */
const MAX_READERS = 200;
const MAX_UNREAD = 1_000;

interface LagParts {
  db: () => Database;
  secrets: Secrets;
  catalogue: Catalogue;
  views: Views;
  end: LogEnd;
  recent: Recent;
}

/** How far behind the readers of a feed are. */
export class FeedLag {
  readonly #parts: LagParts;

  constructor(parts: LagParts) {
    this.#parts = parts;
  }

  async of(feed: FeedRow): Promise<FeedReaderAnswer[]> {
    const { db, end } = this.#parts;
    const reads = await listFeedReads(db(), { feedId: feed.feedId, limit: MAX_READERS });
    const { head } = await end.current();
    const rules = new Map<string, FeedRule | null>();
    const answers: FeedReaderAnswer[] = [];
    for (const read of reads) {
      if (!rules.has(read.partnerId)) {
        rules.set(read.partnerId, await this.#ruleOf(feed, read.partnerId));
      }
      const rule = rules.get(read.partnerId) ?? null;
      answers.push({
        token_id: read.tokenId,
        partner_id: read.partnerId === '' ? null : read.partnerId,
        last_read_at: read.readAt.toISOString(),
        last_sequence_number: read.sequenceNumber,
        unread: rule && (await this.unread(rule, read, head)),
      });
    }
    return answers;
  }

  /** Events that a rule shows and that were not read, counted up to a thousand. */
  async unread(rule: FeedRule, read: FeedRead, head: number): Promise<number> {
    const { db, views, recent } = this.#parts;
    const view = await views.use(rule);
    const { matches } = await findAfter({ db: db(), recent }, view, {
      after: read.releaseNumber,
      upTo: head,
      limit: MAX_UNREAD,
      wants: null,
    });
    return matches.length;
  }

  /** Null for a partner that is not there any more, or whose key cannot be decrypted. */
  async #ruleOf(feed: FeedRow, partnerId: string): Promise<FeedRule | null> {
    const { db, secrets, catalogue } = this.#parts;
    const settings = feed.settings as FeedSettings;
    if (partnerId === '') return compileFeedRule(settings, null, catalogue);
    const partner = await findPartner(db(), partnerId);
    const rule = partner && partnerRule(partner, { secrets, catalogue });
    if (!partner || !rule) return null;
    const rights = partner.settings as PartnerSettings;
    return compileFeedRule(settings, { rights, rule }, catalogue);
  }
}
