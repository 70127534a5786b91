import { errors } from '@strapi/utils';
import type { Context } from 'koa';
import { isInForce } from '../../domain/key-rotation';
import type { Clock } from '../../flow/ports';
import { headerReader } from '../../receiver/request';
import { prepareSecrets } from '../../receiver/secrets';
import type { HmacSecret } from '../../receiver/secrets';
import type { Database } from '../../store/database';
import { findSubscription, listKeys } from '../../store/subscriptions';
import { SIGNATURE_STRATEGY } from '../partners/caller';
import type { Caller } from '../partners/caller';
import type { KnownPartner, KnownPartners } from '../partners/known-partners';
import type { Secrets } from '../secrets';
import { bytesOf } from './body';
import { checkSignature } from './check-signature';
import type { SignatureFault } from './check-signature';

/** A subscription's id, as it may be looked for. */
const ID = /^[0-9A-Za-z-]{1,36}$/;

export interface SignatureAccessParts {
  db: () => Database;
  secrets: Secrets;
  known: Pick<KnownPartners, 'partner'>;
  clock: Pick<Clock, 'now'>;
}

/** Lets a partner in who signs with the secret of one of its subscriptions, instead of sending a token. */
export class SignatureAccess {
  readonly #parts: SignatureAccessParts;

  constructor(parts: SignatureAccessParts) {
    this.#parts = parts;
  }

  /**
   * The strategy's part. On a route that does not name it, without `X-Subscription-Id`, and beside a token, it says nothing.
   *
   * @throws UnauthorizedError (`signature_missing`, `signature_mismatch`, `timestamp_out_of_tolerance`); ForbiddenError
   *   (`partner_suspended`, `network_not_allowed`); what {@link bytesOf} throws.
   */
  async authenticate(
    ctx: Context,
  ): Promise<{ authenticated: false } | { authenticated: true; credentials: Caller }> {
    const id = ctx.get('X-Subscription-Id').trim();
    if (!names(ctx) || id === '' || ctx.get('Authorization') !== '')
      return { authenticated: false };
    const { secrets, partner } = await this.#signer(id);
    const fault = checkSignature({
      header: headerReader(ctx.req.headers),
      body: bytesOf(ctx),
      secrets,
      now: this.#parts.clock.now(),
    });
    if (fault !== null) throw refused(fault);
    // Without a partner nothing has fitted.
    if (!partner) throw refused('signature_mismatch');
    checkPartner(partner, ctx.request.ip);
    const { settings, rule } = partner;
    const caller = {
      ...{ partnerId: partner.id, partner: settings, rule },
      ...{ token: null, standing: null },
    };
    return { authenticated: true, credentials: caller };
  }

  /** Whose secrets these are; nobody's for a subscription that is not there, or is one of our own. */
  async #signer(id: string): Promise<{ secrets: HmacSecret[]; partner: KnownPartner | null }> {
    const { db, known } = this.#parts;
    const subscription = ID.test(id) ? await findSubscription(db(), id) : null;
    const partnerId = subscription?.partnerId ?? null;
    const partner = partnerId === null ? null : await known.partner(partnerId);
    return subscription && partner
      ? { secrets: await this.#secretsOf(subscription.id), partner }
      : { secrets: [], partner: null };
  }

  async #secretsOf(subscriptionId: string): Promise<HmacSecret[]> {
    const { db, secrets, clock } = this.#parts;
    const now = clock.now();
    const rows = await listKeys(db(), subscriptionId);
    const readable = rows
      .filter((row) => isInForce(row, now))
      .flatMap((row): [string, string][] => {
        const secret = secrets.decrypt(row.encryptedSecret);
        return secret === null ? [] : [[row.kid, secret]];
      });
    return readable.length === 0 ? [] : prepareSecrets(Object.fromEntries(readable));
  }
}

function names(ctx: Context): boolean {
  const { route } = ctx.state as {
    route?: { config?: { auth?: { strategies?: unknown[] } } };
  };
  return route?.config?.auth?.strategies?.includes(SIGNATURE_STRATEGY) === true;
}

function checkPartner(partner: KnownPartner, ip: string): void {
  if (partner.settings.state === 'suspended') {
    const message = 'This partner is suspended; ask who has given you the secret';
    throw new errors.ForbiddenError(message, { code: 'partner_suspended' });
  }
  if (!partner.allows(ip)) {
    const message = 'This partner may not call from this network';
    throw new errors.ForbiddenError(message, { code: 'network_not_allowed' });
  }
}

const MESSAGES: Readonly<Record<SignatureFault, string>> = {
  signature_missing:
    'Sign the body: webhook-id, webhook-timestamp and webhook-signature, or X-Signature',
  signature_mismatch:
    'The signature fits no secret of the subscription that X-Subscription-Id names, or it is none of yours',
  timestamp_out_of_tolerance: 'webhook-timestamp is more than 300 s away from now',
};

function refused(fault: SignatureFault): Error {
  return new errors.UnauthorizedError(MESSAGES[fault], { code: fault });
}
