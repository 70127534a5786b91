import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureDemoBuilt, ensurePluginBuilt } from '../prepare/build.mjs';
import { ensureInstalled } from '../prepare/install.mjs';
import { ROOT, stopOnSignal } from '../prepare/run.mjs';
import { startChild } from './child.mjs';
import { prepareDatabase } from './database.mjs';
import { HELP, readOptions } from './options.mjs';
import { ensureFree } from './ports.mjs';
import { ensureSecrets } from './secrets.mjs';
import { createSteps } from './steps.mjs';
import { welcome } from './welcome.mjs';

const DEMO = path.join(ROOT, 'demo');
const SECRETS_FILE = path.join(DEMO, '.tmp', 'secrets.json');
const RECEIVER_SECRETS_FILE = path.join(DEMO, '.tmp', 'receiver.json');
/** The token of the demo's partner, and which feed it reads. */
const PARTNER_FILE = path.join(DEMO, '.tmp', 'partner.json');

const RECEIVER_LIMIT = 15_000;
/** The first start makes some eighty tables and fills them, perhaps on a busy machine. */
const STRAPI_LIMIT = 180_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;

/** Runs the demo until it is stopped or one of its parts ends. */
export async function main() {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options.help) {
      process.stdout.write(HELP);
      return;
    }
    console.log('Northlight, a small broadcaster on Strapi with Newswire\n');
    const step = createSteps(7);
    const secrets = await prepare(options, step);
    await run(options, step, secrets);
    process.exit(0);
  } catch (error) {
    console.error(`\n✘ ${error instanceof TypeError ? error.stack : error.message}`);
    process.exit(1);
  }
}

/** Everything up to the start. Interrupted, it ends with the signal's exit code: nothing is running yet. */
async function prepare(options, step) {
  stopOnSignal(async () => {});
  const { port, receiverPort } = options;
  await step(`Node.js ${process.versions.node}, ports ${port} and ${receiverPort}`, async () => {
    await ensureFree({ port, variable: 'PORT', user: 'Strapi' });
    await ensureFree({ port: receiverPort, variable: 'RECEIVER_PORT', user: 'the receiver' });
    return 'ok';
  });
  await step('Packages', async (say) => {
    let outcome = 'up to date';
    await ensureInstalled((text) => {
      say(text);
      outcome = 'installed';
    });
    return outcome;
  });
  await step('Plugin', async (say) => ((await ensurePluginBuilt(say)) ? 'built' : 'up to date'));
  await step('Northlight and its admin panel', async (say) =>
    (await ensureDemoBuilt(say)) ? 'built' : 'up to date',
  );
  let secrets = {};
  await step('Database', async () => {
    if (options.fresh) {
      // The secrets stay: a second database of the demo may hold what was encrypted with them.
      await rm(RECEIVER_SECRETS_FILE, { force: true });
      await rm(PARTNER_FILE, { force: true });
    }
    secrets = await ensureSecrets(SECRETS_FILE);
    const file = path.resolve(DEMO, process.env.DATABASE_FILENAME ?? '.tmp/northlight.db');
    return prepareDatabase({ url: options.databaseUrl, file, fresh: options.fresh });
  });
  return secrets;
}

/** Starts both children, and stops them on a signal or when one of them ends. */
async function run(options, step, secrets) {
  const children = [];
  const signalled = firstSignal();
  try {
    await Promise.race([signalled, runChildren(children, { options, step, secrets })]);
    console.log('\nStopping …');
  } finally {
    // Strapi first, so that the deliveries under way still find the receiver.
    for (const child of children.reverse()) {
      await child.stop();
    }
  }
}

function firstSignal() {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      // The preparation's handlers would end the demo at once, with its children running.
      process.removeAllListeners(signal);
      process.on(signal, resolve);
    }
  });
}

async function runChildren(children, { options, step, secrets }) {
  const { port, receiverPort } = options;
  await step('Receiver', async () => {
    const receiver = startReceiver(receiverPort);
    children.push(receiver);
    await receiver.ready(`http://127.0.0.1:${receiverPort}/events`, RECEIVER_LIMIT);
    return 'listening';
  });
  await step('Strapi', async () => {
    const strapi = startStrapi(options, secrets);
    children.push(strapi);
    await strapi.ready(`http://127.0.0.1:${port}/_health`, STRAPI_LIMIT);
    return 'listening';
  });
  console.log(`\n${welcome({ ...options, feed: await feedAddress(port) })}\n`);
  const { name, how } = await Promise.race(
    children.map(async (child) => ({ name: child.name, how: await child.ended })),
  );
  throw new Error(`${name} ${how}, so the demo ends.`);
}

/** Where the demo's partner reads; null where there is none. */
async function feedAddress(port) {
  try {
    const { token, feed } = JSON.parse(await readFile(PARTNER_FILE, 'utf8'));
    return `http://127.0.0.1:${port}/api/newswire/feeds/${feed}/rss?token=${token}`;
  } catch {
    // The database holds other content, or the partner was deleted.
    return null;
  }
}

function startReceiver(receiverPort) {
  return startChild({
    name: 'The receiver',
    args: [path.join(DEMO, 'receiver', 'main.mjs')],
    cwd: DEMO,
    env: {
      RECEIVER_PORT: String(receiverPort),
      RECEIVER_SECRETS_FILE,
      // Its output passes through here, so it cannot see the terminal itself.
      ...(colour ? { FORCE_COLOR: '1' } : {}),
    },
    onLine: (line) => console.log(line),
  });
}

function startStrapi({ port, receiverPort }, secrets) {
  const manifest = createRequire(path.join(DEMO, 'package.json')).resolve(
    '@strapi/strapi/package.json',
  );
  return startChild({
    name: 'Strapi',
    args: [path.join(path.dirname(manifest), 'bin', 'strapi.js'), 'start'],
    cwd: DEMO,
    env: {
      ...secrets,
      HOST: '127.0.0.1',
      PORT: String(port),
      RECEIVER_PORT: String(receiverPort),
      RECEIVER_SECRETS_FILE,
      PARTNER_FILE,
      NODE_ENV: 'production',
      NEWSWIRE_DEMO_SEED: '1',
      STRAPI_TELEMETRY_DISABLED: 'true',
      STRAPI_LOG_LEVEL: process.env.STRAPI_LOG_LEVEL ?? 'warn',
      ...overrides(secrets),
    },
    onLine: (line) => console.log(colour ? line : stripVTControlCharacters(line)),
  });
}

/** Who sets a secret in the environment means it. */
function overrides(secrets) {
  return Object.fromEntries(
    Object.keys(secrets)
      .filter((name) => process.env[name])
      .map((name) => [name, process.env[name]]),
  );
}
