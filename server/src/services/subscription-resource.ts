import { MASKED_VALUE } from '../contracts/subscription';
import type { Subscription, SubscriptionSettings } from '../contracts/subscription';
import type { SubscriptionRow } from '../store/subscriptions';
import type { Secrets } from './secrets';
import { fieldError, refusal } from './validation';

/** A subscription as the API shows it: the values of custom headers masked, since they may be credentials. */
export function toResource(row: SubscriptionRow): Subscription {
  const settings = row.settings as SubscriptionSettings;
  const headers: Record<string, string> = {};
  for (const name of Object.keys(settings.destination.headers)) {
    headers[name] = MASKED_VALUE;
  }
  return {
    id: row.id,
    ...settings,
    name: row.name,
    state: row.state,
    state_reason: row.stateReason,
    destination: { ...settings.destination, headers },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/**
 * Splits settings into what is stored in clear and the encrypted values of custom headers. A value that is the mask
 * stands for the one stored so far.
 *
 * @throws ApplicationError when there are values and Strapi has no encryption key; ValidationError when a mask stands for
 *   nothing.
 */
export function toStored(
  settings: SubscriptionSettings,
  input: { secrets: Secrets; former: SubscriptionRow | null },
): { settings: SubscriptionSettings; partnerId: string | null; encryptedHeaders: string | null } {
  const { headers } = settings.destination;
  const names = Object.keys(headers);
  const known = names.some((name) => headers[name] === MASKED_VALUE)
    ? formerHeaders(input.former, input.secrets)
    : {};
  const values = Object.fromEntries(
    names.map((name) => [name, headers[name] === MASKED_VALUE ? known[name] : headers[name]]),
  );
  const lost = names.filter((name) => values[name] === undefined);
  if (lost.length > 0) {
    throw refusal(
      lost.map((name) =>
        fieldError(
          ['destination', 'headers', name],
          `${MASKED_VALUE} stands for a stored value, and there is none; give the value itself`,
        ),
      ),
      'invalid_body',
    );
  }
  return {
    partnerId: settings.partner_id,
    settings: {
      ...settings,
      destination: {
        ...settings.destination,
        headers: Object.fromEntries(names.map((name) => [name, ''])),
      },
    },
    encryptedHeaders: names.length > 0 ? input.secrets.encrypt(JSON.stringify(values)) : null,
  };
}

function formerHeaders(former: SubscriptionRow | null, secrets: Secrets): Record<string, string> {
  const text = former?.encryptedHeaders ? secrets.decrypt(former.encryptedHeaders) : null;
  return text === null ? {} : (JSON.parse(text) as Record<string, string>);
}

/** Lays the fields of a patch over the settings; sections, and the scope within the filter, are merged field by field. */
export function applyPatch(
  settings: object,
  patch: Record<string, unknown>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(patch)) {
    const known = merged[name];
    merged[name] = mergeSection(known, value);
  }
  return merged;
}

function mergeSection(known: unknown, value: unknown): unknown {
  if (!isSection(value) || !isSection(known)) {
    return value;
  }
  const { scope } = value;
  return { ...known, ...value, ...(scope ? { scope: mergeSection(known['scope'], scope) } : {}) };
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
