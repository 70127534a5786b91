import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const REPOSITORY = path.resolve(import.meta.dirname, '..', '..');
const DEMO = path.join(REPOSITORY, 'demo');
const BUILT = path.join(DEMO, 'dist');

/**
 * Newswire's options in the demo, with a test's changes; merged one level into each section. What is given as JSON names those
 * of the demo's presets that are to stay: `presets: ['generic']`.
 */
export type Options = Record<string, unknown>;

/** Changes that cannot be written down as JSON, such as event definitions, by application folder. */
const CHANGES = Symbol.for('newswire.test.changes');
const changes = new Map<string, (options: Options) => Options>();
(globalThis as Record<symbol, unknown>)[CHANGES] = changes;

export interface Application {
  appDir: string;
  distDir: string;
  remove(): void;
}

/**
 * Makes a Strapi application out of the built demo, in a folder of its own, so that what it writes and how it is
 * configured is nobody else's. Its code and its panel are the demo's, by link.
 */
export function makeApplication(change?: Options | ((options: Options) => Options)): Application {
  if (!existsSync(path.join(BUILT, 'config'))) {
    throw new Error('The demo is not built: run `npm test -- strapi`, which builds it');
  }
  const appDir = mkdtempSync(path.join(tmpdir(), 'newswire-application-'));
  const distDir = path.join(appDir, 'dist');
  mkdirSync(path.join(appDir, 'public', 'uploads'), { recursive: true });
  mkdirSync(path.join(distDir, 'config'), { recursive: true });
  for (const file of ['package.json', 'favicon.png']) {
    copyFileSync(path.join(DEMO, file), path.join(appDir, file));
  }
  for (const part of ['src', 'build']) {
    if (existsSync(path.join(BUILT, part))) {
      symlinkSync(path.join(BUILT, part), path.join(distDir, part));
    }
  }
  // Strapi passes over links in this folder.
  for (const file of readdirSync(path.join(BUILT, 'config')).filter((name) =>
    name.endsWith('.js'),
  )) {
    const original = JSON.stringify(path.join(BUILT, 'config', file));
    writeFileSync(path.join(distDir, 'config', file), `module.exports = require(${original});\n`);
  }
  if (change) {
    if (typeof change === 'function') changes.set(appDir, change);
    const text = JSON.stringify(typeof change === 'function' ? {} : change);
    writeFileSync(path.join(distDir, 'config', 'plugins.js'), changedPlugins(appDir, text));
  }
  return {
    appDir,
    distDir,
    remove: () => {
      changes.delete(appDir);
      rmSync(appDir, { recursive: true, force: true });
    },
  };
}

function changedPlugins(appDir: string, changed: string): string {
  return `
const original = require(${JSON.stringify(path.join(BUILT, 'config', 'plugins.js'))});
const change =
  globalThis[Symbol.for('newswire.test.changes')]?.get(${JSON.stringify(appDir)}) ??
  ((options) => merge(options, ${changed}));

const isSection = (value) =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function merge(options, changed) {
  const merged = { ...options };
  for (const [name, value] of Object.entries(changed)) {
    merged[name] =
      name === 'presets'
        ? value.map((wanted) => merged.presets.find((preset) => preset.name === wanted))
        : isSection(value) && isSection(merged[name])
          ? { ...merged[name], ...value }
          : value;
  }
  return merged;
}

module.exports = (context) => {
  const made = original.default ?? original;
  const plugins = typeof made === 'function' ? made(context) : made;
  const { newswire } = plugins;
  return { ...plugins, newswire: { ...newswire, config: change(newswire.config) } };
};
`;
}
