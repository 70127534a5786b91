import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '@strapi/strapi';
import { receiverKnows, tellReceiver } from './receiver-secrets';

/** What is kept of the subscription that the demo made. */
interface Kept {
  id: string;
  kid: string;
  url: string;
}

const SEQUENCING_LIMIT = 30_000;

/** Makes a subscription for the demo's receiver, and keeps it in step with the receiver's port and secrets. */
export async function ensureSubscription(strapi: Core.Strapi): Promise<void> {
  const store = strapi.store({ type: 'api', name: 'northlight' });
  const subscriptions = strapi.plugin('newswire').service('subscriptions');
  const kept = (await store.get({ key: 'subscription' })) as Kept | null;
  const url = `http://127.0.0.1:${process.env.RECEIVER_PORT ?? 4100}/webhooks`;
  try {
    if (!kept) {
      await untilSequenced(strapi);
      await store.set({ key: 'subscription', value: await create(strapi, url) });
      return;
    }
    const exists = await subscriptions.find(kept.id).catch(() => null);
    if (!exists) {
      return; // Whoever deleted it in the panel meant it.
    }
    if (!(await receiverKnows(strapi, kept.kid))) {
      // A secret is shown once. Where it has been lost, only a new subscription helps.
      await subscriptions.remove(kept.id);
      await store.set({ key: 'subscription', value: await create(strapi, url) });
    } else if (kept.url !== url) {
      await subscriptions.update(kept.id, { destination: { url } });
      await store.set({ key: 'subscription', value: { ...kept, url } });
    }
  } catch (error) {
    strapi.log.warn(`No subscription for the demo's receiver: ${reasonOf(error)}`);
  }
}

async function create(strapi: Core.Strapi, url: string): Promise<Kept> {
  const { id, kid, secret } = await strapi
    .plugin('newswire')
    .service('subscriptions')
    .create({
      name: 'Northlight contracts desk (demo receiver)',
      description: 'Delivers to the receiver that runs beside the demo and prints what it gets.',
      destination: { url },
      event_types: [
        'executive.*',
        'executive_role.*',
        'role_assignment.*',
        'contract.*',
        'slate.*',
        'title.*',
        'license.*',
        'content.*',
        'rendition.*',
        'caption.*',
        'rights.*',
        'edition.*',
        'entry.*',
      ],
    });
  await tellReceiver(strapi, { kid, secret });
  return { id, kid, url };
}

/**
 * Waits until the events of the seeded content have their numbers: who they go to is decided then, and a
 * subscription made before that would be owed every one of them.
 */
async function untilSequenced(strapi: Core.Strapi): Promise<void> {
  const deadline = Date.now() + SEQUENCING_LIMIT;
  const events = strapi.plugin('newswire').service('events');
  while (Date.now() < deadline) {
    const { data } = await events.list({ status: 'recorded', limit: 1 });
    if (data.length === 0 || data[0].sequence_number !== null) {
      return;
    }
    await sleep(50);
  }
}

/** A refusal's messages name the field and what would be right. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { details } = error as { details?: { errors?: { message: string }[] } };
  const messages = (details?.errors ?? []).map(({ message }) => message);
  return messages.length > 0 ? messages.join('; ') : error.message;
}
