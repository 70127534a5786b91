/** The demo in a process of its own; see strapi/application.mjs and run/serve.mjs. */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../../scripts/prepare/run.mjs';
import { now, serve } from '../run/serve.mjs';
import { fillLog } from './fill-log.mjs';

const require = createRequire(path.join(ROOT, 'demo', 'package.json'));
const { createStrapi } = require('@strapi/strapi');

const UID = 'api::slate.slate';

/** Fills an event up to about 1 KB. */
const DESCRIPTION_BYTES = 500;

const [, , appDir] = process.argv;
const strapi = createStrapi({
  appDir,
  distDir: path.join(appDir, 'dist'),
  serveAdminPanel: false,
  autoReload: false,
});
await strapi.load();

const documents = () => strapi.documents(UID);
const text = () => randomBytes(DESCRIPTION_BYTES).toString('base64').slice(0, DESCRIPTION_BYTES);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes in a transaction of its own and tells when that was committed. */
async function committedAt(work) {
  let at = 0;
  await strapi.db.transaction(async ({ onCommit }) => {
    // The first callback: called before the plugin's own, right after the commit.
    onCommit(() => (at = now()));
    await work();
  });
  return at;
}

async function timed(work) {
  const startedAt = now();
  const result = await work();
  return { ms: now() - startedAt, result };
}

/** Statements that were sent to the database. */
let statements = 0;
strapi.db.connection.on('query', () => (statements += 1));

serve({
  /** Answers HTTP; returns where, and a token that may do everything. */
  async listen() {
    strapi.server.mount();
    const { httpServer } = strapi.server;
    await new Promise((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
    const { accessKey } = await strapi.service('admin::api-token').create({
      name: 'bench',
      description: '',
      kind: 'content-api',
      type: 'full-access',
      lifespan: null,
    });
    return { url: `http://127.0.0.1:${httpServer.address().port}`, token: accessKey };
  },
  fillLog: (input) => fillLog(strapi.db.connection, input),
  statements: () => statements,
  memory() {
    globalThis.gc?.();
    return process.memoryUsage().rss;
  },

  async subscribe({ url }) {
    const actor = { type: 'system', user_id: null, display_name: null, role: null };
    await strapi
      .plugin('newswire')
      .service('subscriptions')
      .create(
        { name: 'Bench', event_types: ['slate.saved'], destination: { url }, state: 'active' },
        actor,
      );
  },

  /** Creates documents; returns their ids. */
  async create({ count, text: length = 0 }) {
    const ids = [];
    for (let number = 0; number < count; number += 1) {
      const document = await documents().create({
        data: {
          title: `Slate ${number}`,
          slug: randomBytes(8).toString('hex'),
          ...(length > 0 ? { description: text() } : {}),
        },
      });
      ids.push(document.documentId);
    }
    return ids;
  },

  /** Updates each document once, so many a second; returns when each update was committed, by document. */
  async updateSlowly({ ids, everyMs }) {
    const commits = {};
    for (const documentId of ids) {
      const next = now() + everyMs;
      commits[documentId] = await committedAt(() =>
        documents().update({ documentId, data: { description: text() } }),
      );
      await pause(Math.max(0, next - now()));
    }
    return commits;
  },

  /** Creates, updates and publishes so many documents, one call after the other; returns the milliseconds of each call. */
  async write({ count }) {
    const times = { create: [], update: [], publish: [] };
    for (let number = 0; number < count; number += 1) {
      const created = await timed(() =>
        documents().create({
          data: { title: `Slate ${number}`, slug: randomBytes(8).toString('hex') },
        }),
      );
      const { documentId } = created.result;
      const updated = await timed(() =>
        documents().update({ documentId, data: { description: text() } }),
      );
      const published = await timed(() => documents().publish({ documentId }));
      times.create.push(created.ms);
      times.update.push(updated.ms);
      times.publish.push(published.ms);
    }
    return times;
  },
});
