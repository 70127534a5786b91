import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/application';

/** One forbidden import each: where it is planted, what it says, and the rule that must see it. */
const PLANTED: [file: string, line: string, rule: string][] = [
  ['server/src/domain/a.ts', "import { readFileSync } from 'node:fs';", 'layer-domain'],
  ['server/src/domain/b.ts', "import { z } from 'zod';", 'layer-domain'],
  ['server/src/domain/c.ts', "import type { X } from '../flow/target';", 'layer-domain'],
  ['server/src/domain/d.ts', "import type { X } from '../contracts/target';", 'layer-domain'],
  ['server/src/contracts/a.ts', "import { X } from '../store/target';", 'layer-contracts'],
  ['server/src/contracts/b.ts', "import { request } from 'undici';", 'layer-contracts'],
  ['server/src/store/a.ts', "import { X } from '../contracts/target';", 'layer-store'],
  ['server/src/store/b.ts', "import { X } from '../destinations/contract';", 'layer-store'],
  ['server/src/store/c.ts', "import knex from 'knex';", 'knex-as-types-only'],
  [
    'server/src/destinations/webhook/a.ts',
    "import { X } from '../../store/target';",
    'layer-destinations',
  ],
  [
    'server/src/destinations/webhook/b.ts',
    "import type { Knex } from 'knex';",
    'layer-destinations',
  ],
  [
    'server/src/destinations/webhook/c.ts',
    "import { X } from '../pigeon/target';",
    'destinations-are-strangers',
  ],
  ['server/src/flow/a.ts', "import { X } from '../destinations/pigeon/target';", 'layer-flow'],
  ['server/src/flow/b.ts', "import { X } from '../destinations/registry';", 'layer-flow'],
  ['server/src/flow/c.ts', "import { X } from '../services/target';", 'layer-flow'],
  ['server/src/flow/d.ts', "import type { Knex } from 'knex';", 'knex-in-store-and-glue-only'],
  ['server/src/flow/e.ts', "import { errors } from '@strapi/utils';", 'strapi-in-glue-only'],
  ['server/src/receiver/a.ts', "import { X } from '../store/target';", 'layer-receiver'],
  ['server/src/receiver/b.ts', "import { errors } from '@strapi/utils';", 'strapi-in-glue-only'],
  [
    'server/src/services/a.ts',
    "import { X } from '../../../test/target';",
    'shipped-code-stands-alone',
  ],
  [
    'server/src/services/b.ts',
    "import { nothing } from 'not-declared-anywhere';",
    'declared-dependencies',
  ],
  ['server/src/services/c.ts', "import { Client } from 'pg';", 'no-dev-dependency-in-shipped-code'],
  ['server/src/services/d.ts', "import { X } from './e';", 'no-circular'],
  ['server/src/services/lonely.ts', '', 'no-orphans'],
  [
    'config/a.ts',
    "import { X } from '../server/src/domain/target';",
    'config-takes-types-of-domain',
  ],
  ['config/b.ts', "import type { X } from '../server/src/flow/target';", 'layer-config'],
  ['config/c.ts', "import type { Core } from '@strapi/strapi';", 'strapi-in-glue-only'],
  [
    'admin/src/a.ts',
    "import { X } from '../../server/src/contracts/target';",
    'admin-takes-types-only',
  ],
  [
    'admin/src/b.ts',
    "import type { X } from '../../server/src/domain/target';",
    'admin-takes-contracts-only',
  ],
  ['admin/src/c.ts', "import type { X } from '../../config/target';", 'admin-takes-contracts-only'],
];

/** What the law allows, so that the rules are not simply red. */
const ALLOWED: [file: string, line: string][] = [
  ['server/src/domain/ok.ts', "import { createHash } from 'node:crypto';"],
  [
    'server/src/contracts/ok.ts',
    "import { z } from 'zod'; import type { X } from '../domain/target';",
  ],
  [
    'server/src/store/ok.ts',
    "import type { Knex } from 'knex'; import { X } from '../domain/target';",
  ],
  [
    'server/src/destinations/webhook/ok.ts',
    "import { request } from 'undici'; import { X } from '../contract'; import tls from 'node:tls';",
  ],
  [
    'server/src/flow/ok.ts',
    "import { X } from '../store/target'; import { Y } from '../contracts/target'; import type { Z } from '../destinations/contract'; import { AsyncLocalStorage } from 'node:async_hooks';",
  ],
  [
    'server/src/receiver/ok.ts',
    "import { X } from '../domain/target'; import zlib from 'node:zlib'; import * as jose from 'jose';",
  ],
  [
    'server/src/services/ok.ts',
    "import { errors } from '@strapi/utils'; import { X } from '../flow/target'; import { Y } from '../../../config/target'; import type { Knex } from 'knex';",
  ],
  [
    'config/ok.ts',
    "import { z } from 'zod'; import type { X } from '../server/src/domain/target';",
  ],
  [
    'admin/src/ok.ts',
    "import type { X } from '../../server/src/contracts/target'; import { Box } from '@strapi/design-system';",
  ],
];

const TARGETS = [
  'server/src/domain/target.ts',
  'server/src/contracts/target.ts',
  'server/src/store/target.ts',
  'server/src/flow/target.ts',
  'server/src/services/target.ts',
  'server/src/destinations/contract.ts',
  'server/src/destinations/registry.ts',
  'server/src/destinations/pigeon/target.ts',
  'config/target.ts',
  'test/target.ts',
];

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

describe('the import rules', () => {
  let folder: string;
  let violations: Violation[];

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'newswire-imports-'));
    for (const file of ['.dependency-cruiser.mjs', 'package.json', 'tsconfig.json']) {
      cpSync(path.join(REPOSITORY, file), path.join(folder, file));
    }
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(folder, 'node_modules'));
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), `${text}\n`);
    };
    for (const file of TARGETS) write(file, 'export type X = 1; export const X = 1;');
    write('server/src/services/e.ts', "import './d'; export const X = 1;");
    for (const [file, line] of [...PLANTED, ...ALLOWED]) write(file, `${line}\nexport {};`);
    violations = cruise(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(PLANTED)('%s: %s is refused by %s', (file, _line, rule) => {
    const rules = violations.filter(({ from }) => from === file).map((found) => found.rule.name);
    expect(rules).toContain(rule);
  });

  it.each(ALLOWED)('%s: %s is allowed', (file) => {
    expect(violations.filter(({ from }) => from === file)).toEqual([]);
  });
});

function cruise(folder: string): Violation[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      path.join(REPOSITORY, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', '.dependency-cruiser.mjs', '--output-type', 'json'],
      ...['server', 'config', 'admin'],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1_024 * 1_024 },
  );
  // The exit code of this report says only whether the tool ran.
  if (status !== 0) throw new Error(`dependency-cruiser failed: ${stderr}`);
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}
