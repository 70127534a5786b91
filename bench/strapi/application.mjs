import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/prepare/run.mjs';
import { atEnd, start } from '../run/processes.mjs';

const DEMO = path.join(ROOT, 'demo');

/** What a Strapi of ours is started with; none of it guards anything. */
const ENVIRONMENT = {
  APP_KEYS: 'bench-key-a,bench-key-b',
  ADMIN_JWT_SECRET: 'bench-admin-jwt-secret',
  API_TOKEN_SALT: 'bench-api-token-salt',
  TRANSFER_TOKEN_SALT: 'bench-transfer-token-salt',
  JWT_SECRET: 'bench-jwt-secret',
  ENCRYPTION_KEY: 'bench-encryption-key-of-32-byte!',
  STRAPI_LOG_LEVEL: 'error',
  STRAPI_TELEMETRY_DISABLED: 'true',
  STRAPI_DISABLE_UPDATE_NOTIFICATION: 'true',
};

/**
 * Starts the built demo in a process of its own, on its own database, with one event definition without a populate, so
 * that what is measured is Newswire and not the reading of relations; or without the plugin at all.
 *
 * @param {{ address: { sqlite: string } | { postgres: string }, newswire: 'all' | 'producer' | 'worker' | 'off' }} options
 *   `newswire`: the role of the process.
 */
export async function startStrapi({ address, newswire }) {
  const { folder, remove } = makeApplication(newswire);
  const strapi = await start(path.join(import.meta.dirname, 'child.mjs'), {
    args: [folder],
    execArgv: ['--expose-gc'],
    env: {
      ...ENVIRONMENT,
      ...('sqlite' in address
        ? { DATABASE_FILENAME: address.sqlite, DATABASE_URL: '' }
        : { DATABASE_URL: address.postgres }),
    },
  });
  return {
    ...strapi,
    async stop() {
      await strapi.stop();
      await remove();
    },
  };
}

function makeApplication(newswire) {
  const folder = mkdtempSync(path.join(tmpdir(), 'newswire-bench-strapi-'));
  const remove = atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  const config = path.join(folder, 'dist', 'config');
  mkdirSync(config, { recursive: true });
  mkdirSync(path.join(folder, 'public', 'uploads'), { recursive: true });
  for (const file of ['package.json', 'favicon.png']) {
    copyFileSync(path.join(DEMO, file), path.join(folder, file));
  }
  symlinkSync(path.join(DEMO, 'dist', 'src'), path.join(folder, 'dist', 'src'));
  const built = path.join(DEMO, 'dist', 'config');
  // Strapi passes over links in this folder.
  for (const file of readdirSync(built).filter((name) => name.endsWith('.js'))) {
    const original = JSON.stringify(path.join(built, file));
    writeFileSync(path.join(config, file), `module.exports = require(${original});\n`);
  }
  writeFileSync(path.join(config, 'plugins.js'), pluginsOf(newswire));
  return { folder, remove };
}

function pluginsOf(newswire) {
  const own = JSON.stringify(path.join(import.meta.dirname, 'plugins.cjs'));
  return `module.exports = require(${own})(${JSON.stringify(newswire)});\n`;
}
