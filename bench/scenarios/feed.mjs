/** What both scenarios of feeds need: a Strapi that answers HTTP, a partner of it, and readers. */
import path from 'node:path';
import { start } from '../run/processes.mjs';
import { interleave } from '../run/rounds.mjs';
import { startStrapi } from '../strapi/application.mjs';
import { engineDatabase } from './drain.mjs';

export const DIALECTS = ['sqlite', 'postgres'];
export const TITLES = { sqlite: 'SQLite', postgres: 'PostgreSQL' };

/** As many as a partner may have, so that no limit is measured. */
const RATE_PER_MINUTE = 100_000;

/** Starts a Strapi with a feed for each of these lists of event types. */
export async function openFeeds(context, dialect, { fill, feeds }) {
  const database = await engineDatabase(context, dialect);
  const strapi = await startStrapi({ address: database.address, newswire: 'all' });
  const reader = await start(path.join(import.meta.dirname, '..', 'reader', 'main.mjs'));
  const { url, token } = await strapi.call('listen');
  const manage = async (route, body) => {
    const response = await fetch(`${url}/api/newswire/manage${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.status !== 201) throw new Error(`${route}: ${JSON.stringify(answer)}`);
    return answer.data;
  };
  if (fill) {
    context.say(`${TITLES[dialect]}: filling in ${fill.rows} events`);
    await strapi.call('fillLog', fill);
  }
  // Something new, after which this process knows how far the log goes.
  await strapi.call('create', { count: 1 });
  const partner = await manage('/partners', { name: 'Bench', rate_per_minute: RATE_PER_MINUTE });
  const access = await manage(`/partners/${partner.id}/tokens`, { name: 'Bench' });
  for (const [slug, types] of Object.entries(feeds)) {
    await manage('/feeds', {
      slug,
      title: slug,
      partner_ids: [partner.id],
      event_types: types,
    });
  }
  return {
    strapi,
    reader,
    token,
    url,
    headers: { authorization: `Bearer ${access.token}` },
    addressOf: (slug, query) => `${url}/api/newswire/feeds/${slug}/${query}`,
    async stop() {
      await reader.stop();
      await strapi.stop();
      await database.drop();
    },
  };
}

/** A page, parsed; fails for anything but 200. */
export async function readPage(feeds, url) {
  const page = await feeds.reader.call('page', { url, headers: feeds.headers });
  if (page.status !== 200) throw new Error(`${url}: ${page.status} ${page.body}`);
  return { ...JSON.parse(page.body), headers: page.headers };
}

/**
 * Measures what was prepared for each kind of database, in turns; ends all of it, however that goes.
 *
 * @param {{ prepare: (context: object, dialect: string) => Promise<{ contestants: object[], stop: () => Promise<void> }>,
 *   describe: (result: any) => string }} scenario
 */
export async function measureFeeds(context, { prepare, describe }) {
  const prepared = [];
  try {
    for (const dialect of DIALECTS) prepared.push(await prepare(context, dialect));
    return await interleave({
      rounds: context.rounds,
      patienceMs: context.patienceMs,
      contestants: prepared.flatMap(({ contestants }) => contestants),
      say: context.say,
      describe,
    });
  } finally {
    for (const { stop } of prepared) await stop();
  }
}
