import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/databases';
import { httpClient, type HttpClient } from '../support/http-client';
import { openFeed } from '../support/partner-feed';
import { startStrapiProcess, type StrapiProcess } from '../support/strapi-process';

/** A token that was never made. */
const WRONG = `nwp_${'W'.repeat(43)}`;

const ROUTES = [
  '/api/newswire/feeds',
  '/api/newswire/feeds/fjord/events',
  '/api/newswire/feeds/fjord/events?limit=x',
  '/api/newswire/feeds/nothing/events',
  '/api/newswire/feeds/%E0%A4%A/events',
  '/api/newswire/feeds/fjord/rss',
  '/api/newswire/feeds/fjord/records',
  '/api/newswire/usage',
  '/api/newswire/nothing/of/ours',
  '/api/newswire/jwks.json',
  '/API/newswire//feeds',
];

describe('A token', () => {
  let database: TestDatabase;
  let strapi: StrapiProcess;
  let admin: HttpClient;
  let token: string;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    strapi = await startStrapiProcess({
      database,
      env: { STRAPI_LOG_LEVEL: 'silly', NEWSWIRE_DEMO_SEED: '1', NODE_ENV: 'development' },
    });
    admin = await strapi.admin();
    ({ token } = await openFeed(admin));
  });

  afterAll(async () => {
    await strapi.stop();
    await database.drop();
  });

  /** In every place where a token may stand, on every route; all that came back, heads included. */
  const askEverywhere = async (given: string) => {
    const answers: {
      route: string;
      way: string;
      status: number;
      text: string;
      headers: Headers;
    }[] = [];
    const basic = `Basic ${Buffer.from(`reader:${given}`).toString('base64')}`;
    for (const route of ROUTES) {
      const query = `${route}${route.includes('?') ? '&' : '?'}token=${given}`;
      const ways: [string, string, Record<string, string>][] = [
        ['bearer', route, { authorization: `Bearer ${given}` }],
        ['basic', route, { authorization: basic }],
        ['query', query, {}],
        ['referrer', route, { referer: new URL(query, strapi.url).href }],
      ];
      for (const [way, path, headers] of ways) {
        const response = await fetch(new URL(path, strapi.url), { headers });
        const text = await response.text();
        answers.push({ route, way, status: response.status, text, headers: response.headers });
      }
    }
    return answers;
  };
  const leaks = (text: string, given: string) =>
    text.includes(given) ||
    text.includes(given.slice(16)) ||
    text.includes(btoa(`reader:${given}`));

  it('opens a feed from the query, from Basic and as Bearer', async () => {
    for (const { route, way, status } of await askEverywhere(token)) {
      if (route === '/api/newswire/feeds/fjord/events') {
        expect([way, status]).toEqual([way, way === 'referrer' ? 401 : 200]);
      }
    }
  });

  it('is in no answer, be it good or bad, and readers are told to name no referrer', async () => {
    for (const given of [token, WRONG]) {
      for (const { route, way, status, text, headers } of await askEverywhere(given)) {
        const all = text + JSON.stringify([...headers]);
        expect(leaks(all, given), `${way} ${route}`).toBe(false);
        expect(status, `${way} ${route}`).toBeLessThan(500);
        if (way === 'query') expect(headers.get('referrer-policy'), route).toBe('no-referrer');
      }
    }
  });

  it('is in no line of the log, errors included', async () => {
    const db = database.knex();
    await db.schema.renameTable('newswire_state', 'newswire_state_gone');
    try {
      const broken = await askEverywhere(token);
      expect(broken.filter(({ status }) => status === 500).length).toBeGreaterThan(3);
      expect(broken.filter(({ text }) => leaks(text, token))).toEqual([]);
    } finally {
      await db.schema.renameTable('newswire_state_gone', 'newswire_state');
    }
    await askEverywhere(WRONG);
    await httpClient(strapi.url).post(`/api/newswire/usage?token=${token}`, { token });
    // Requests are logged, so it would be seen.
    expect(strapi.output()).toContain('GET /api/newswire/feeds/fjord/events');
    expect(strapi.output()).toContain('GET /api/newswire/nothing/of/ours');
    expect(strapi.output()).toMatch(/newswire_state/);
    for (const given of [token, WRONG]) expect(leaks(strapi.output(), given)).toBe(false);
  });

  it('is stored nowhere', async () => {
    const db = database.knex();
    const tables = (await db('sqlite_master').where({ type: 'table' }).pluck('name')) as string[];
    for (const table of tables) {
      const text = JSON.stringify(await db(table).select('*'));
      expect(leaks(text, token), table).toBe(false);
    }
  });
});
