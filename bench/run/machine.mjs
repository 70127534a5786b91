import { readFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import path from 'node:path';
import { ROOT, run } from '../../scripts/prepare/run.mjs';

/** What RESULTS.md tells of where and of what was measured. */
export async function describeMachine({ postgres, redis }) {
  const { output: commit } = await run('git', ['rev-parse', '--short', 'HEAD']);
  const { output: changes } = await run('git', [
    'status',
    '--porcelain',
    '--',
    ':!bench/RESULTS.md',
  ]);
  const [cpu] = cpus();
  const version = async (folder, name) => {
    const file = path.join(ROOT, folder, 'node_modules', name, 'package.json');
    return `${name} ${JSON.parse(await readFile(file, 'utf8')).version}`;
  };
  const packages = await Promise.all([
    version('.', 'undici'),
    version('.', '@strapi/strapi'),
    version('.', 'better-sqlite3'),
    version('bench', 'pg-boss'),
    version('bench', 'graphile-worker'),
    version('bench', 'bullmq'),
  ]);
  return [
    ['commit', commit.trim() + (changes.trim() === '' ? '' : ', with changes not committed')],
    ['begun', `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    [
      'machine',
      `${cpus().length} × ${cpu.model.trim()}, ${gigabytes(totalmem())}, ${type()} ${release()}`,
    ],
    ['Node.js', process.versions.node],
    ['PostgreSQL', postgres.description],
    ['Redis', redis ?? 'none'],
    ['packages', packages.join(', ')],
  ];
}

function gigabytes(bytes) {
  return `${Math.round(bytes / 2 ** 30)} GiB`;
}

/** The load average of the last minute, as the system gives it. */
export function load() {
  return loadavg()[0].toFixed(2);
}
