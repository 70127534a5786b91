import path from 'node:path';
import { ROOT, run } from './run.mjs';
import { ifChanged } from './stamp.mjs';

const PLUGIN_SOURCES = [
  'admin',
  'config',
  'server',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.types.json',
];

const DEMO_SOURCES = [
  'demo/config',
  'demo/src',
  'demo/package.json',
  'demo/tsconfig.json',
  'demo/favicon.png',
];

const ENTRIES = [
  'dist/server/index.js',
  'dist/admin/index.js',
  'dist/config/index.js',
  'dist/receiver/index.js',
  'dist/types/config/index.d.ts',
  'dist/types/server/src/receiver/index.d.ts',
];

/** @param {(text: string) => void} say */
export async function ensurePluginBuilt(say) {
  return ifChanged({
    name: 'plugin',
    sources: PLUGIN_SOURCES,
    makes: ENTRIES,
    run: async () => {
      say('Building the plugin');
      await mustSucceed('npm', ['run', 'build'], ROOT);
    },
  });
}

/**
 * The demo's server code and its admin panel, which has the plugin's panel inside.
 *
 * @param {(text: string) => void} say
 */
export async function ensureDemoBuilt(say) {
  await ensurePluginBuilt(say);
  return ifChanged({
    name: 'demo',
    sources: [...PLUGIN_SOURCES, ...DEMO_SOURCES],
    makes: ['demo/dist/config/server.js', 'demo/dist/build/index.html'],
    run: async () => {
      say('Building the demo and its admin panel (a minute or two)');
      await mustSucceed('npm', ['run', 'build'], path.join(ROOT, 'demo'));
    },
  });
}

async function mustSucceed(command, args, cwd) {
  const { code, output } = await run(command, args, {
    cwd,
    env: { NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true' },
  });
  if (code !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${output}`);
  }
}
