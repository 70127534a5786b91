import type { SubscriptionSettings } from '../contracts/subscription';
import { ownerMail } from '../domain/owner-mail';
import type { OwnerNotice } from '../flow/deliver/ports';
import type { Clock, Log, NewId } from '../flow/ports';
import { claimOwnerMail } from '../store/claim-owner-mail';
import { countBacklog } from '../store/count-backlog';
import type { Database } from '../store/database';
import { findSubscription } from '../store/subscriptions';
import type { SubscriptionRow } from '../store/subscriptions';
import type { SendMail } from './strapi-mailer';

/** A mail server that has not answered by then is given up. */
const TIMEOUT_MS = 30_000;

/** Mails under way at once; what comes on top is logged and dropped, so that a dead mail server fills no memory. */
const MAX_UNDER_WAY = 50;

/** How long a stopping process waits for mails under way. */
const DRAIN_MS = 3_000;

export interface OwnerMailParts {
  db: () => Database;
  /** Null where no e-mail is configured. */
  mailer: () => SendMail | null;
  settings: { enabled: boolean; minutesBetween: number };
  producerId: string;
  /** Address of the admin panel; null where it is not known. */
  panelUrl: () => string | null;
  newId: NewId;
  clock: Clock;
  log: Log;
}

/** Tells owners of subscriptions what has happened to them: beside the deliveries, never in their way. */
export class OwnerMail {
  readonly #parts: OwnerMailParts;
  readonly #underWay = new Set<Promise<void>>();

  constructor(parts: OwnerMailParts) {
    this.#parts = parts;
  }

  /** Sends a mail, if there is an owner and a way to; returns at once, and what goes wrong is logged. */
  tell(notice: OwnerNotice): void {
    const { settings, log } = this.#parts;
    const { kind, subscriptionId: subscription } = notice;
    if (!settings.enabled) {
      return;
    }
    if (this.#underWay.size >= MAX_UNDER_WAY) {
      log.warn('An owner was not told: too many mails are under way', { kind, subscription });
      return;
    }
    const telling = this.#tell(notice)
      .catch((error: unknown) =>
        log.warn('An owner could not be told', { kind, subscription, error: wordsOf(error) }),
      )
      .finally(() => this.#underWay.delete(telling));
    this.#underWay.add(telling);
  }

  /** Waits a moment for mails under way. */
  async stop(): Promise<void> {
    await Promise.race([Promise.all(this.#underWay), after(DRAIN_MS).passed]);
  }

  async #tell(notice: OwnerNotice): Promise<void> {
    const { db, mailer, clock, settings, newId, log } = this.#parts;
    const { kind, subscriptionId } = notice;
    const subscription = await findSubscription(db(), subscriptionId);
    const to = (subscription?.settings as SubscriptionSettings | undefined)?.owner_email;
    if (!subscription || !to) {
      return;
    }
    const send = mailer();
    if (!send) {
      log.info("An owner was not told: Strapi's e-mail plugin is not configured", {
        kind,
        subscription: subscriptionId,
      });
      return;
    }
    const now = clock.now();
    const notSince = new Date(now.getTime() - settings.minutesBetween * 60_000);
    const claim = { subscriptionId, kind, now, notSince, token: newId() };
    if (!(await claimOwnerMail(db(), claim))) {
      return;
    }
    await inTime(send({ to, ...(await this.#write(notice, subscription)) }));
    log.info('An owner was told', { kind, subscription: subscriptionId });
  }

  async #write(notice: OwnerNotice, row: SubscriptionRow) {
    const { db, producerId, panelUrl, clock } = this.#parts;
    const { kind, reason, since } = notice;
    const { url } = (row.settings as SubscriptionSettings).destination;
    const owed = (await countBacklog(db(), [row.id])).get(row.id) ?? 0;
    const panel = panelUrl();
    return ownerMail({
      kind,
      reason,
      at: clock.now(),
      failingSince: since,
      owed,
      producerId,
      subscription: { id: row.id, name: row.name, url },
      panelUrl: panel && `${panel}/plugins/newswire/subscriptions/${row.id}`,
    });
  }
}

async function inTime(work: Promise<void>): Promise<void> {
  const timer = after(TIMEOUT_MS);
  const late = timer.passed.then(() => {
    throw new Error(`The mail server did not take the mail within ${TIMEOUT_MS / 1_000} s`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    timer.cancel();
  }
}

/** A promise that is kept after some milliseconds; it keeps no process alive. */
function after(milliseconds: number): { passed: Promise<void>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
    timer.unref();
  });
  return { passed, cancel: () => clearTimeout(timer) };
}

/** Providers put the whole message into their errors at times: the first line is enough for a log. */
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]?.slice(0, 300) ?? '';
}
