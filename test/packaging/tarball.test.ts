import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/application';
import { packPlugin, type Tarball } from '../support/tarball';

const KILOBYTE = 1_024;

/** The panel's screens are the bulk of it. A bundled dependency would make it several times as large. */
const MAX_SIZE = 900 * KILOBYTE;
const MAX_SERVER_BUNDLE = 900 * KILOBYTE;

describe('the packed plugin', () => {
  let folder: string;
  let tarball: Tarball;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'newswire-tarball-'));
    tarball = await packPlugin(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('holds the build and what a reader needs, and nothing else', () => {
    const outsideOfDist = tarball.files.filter((file) => !file.startsWith('dist/')).sort();
    expect(outsideOfDist).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  });

  it('holds in dist only programs and declarations', () => {
    const strange = tarball.files.filter(
      (file) =>
        file.startsWith('dist/') &&
        !/^dist\/(admin|config|receiver|server)\/[\w.-]+\.m?js$/.test(file) &&
        !/^dist\/types\/(admin|config|server)\/.+\.d\.ts$/.test(file),
    );
    expect(strange).toEqual([]);
  });

  it('holds every file that package.json exports', () => {
    const { exports, typesVersions } = JSON.parse(
      readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'),
    ) as { exports: Record<string, unknown>; typesVersions: Record<string, unknown> };
    const exported = leaves([exports, typesVersions])
      .map((file) => file.replace(/^\.\//, ''))
      // `source` is where the builder starts, not something to import.
      .filter((file) => !file.endsWith('.ts') || file.endsWith('.d.ts'));
    expect(exported.length).toBeGreaterThan(10);
    expect(exported.filter((file) => !tarball.files.includes(file))).toEqual([]);
  });

  it('is small', () => {
    expect(tarball.size).toBeLessThan(MAX_SIZE);
    const server = readFileSync(path.join(REPOSITORY, 'dist/server/index.js'));
    expect(server.length).toBeLessThan(MAX_SERVER_BUNDLE);
  });
});

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Object.values(value as object).flatMap(leaves);
}
