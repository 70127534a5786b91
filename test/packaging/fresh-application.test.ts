/**
 * The packed plugin in an application that knows nothing of this repository.
 *
 * Shown: npm resolves and installs the tarball beside Strapi, from the registry, with nothing but declared
 * dependencies around it; the smallest configuration boots; the examples in the README type-check as they stand,
 * the way Strapi's own template is set up and the way newer projects are, and boot.
 *
 * Not shown: install scripts do not run (`--ignore-scripts`), and the one addon that needs one, better-sqlite3, is
 * given the binary that this repository has built. The admin panel is not built here; the demo's build does that.
 */
import { execFile, fork } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../support/application';
import { packPlugin } from '../support/tarball';

const execute = promisify(execFile);

const INSTALL_LIMIT = 400_000;

/** Blocks of TypeScript in the README whose first line says which file they are. */
function readmeExamples(): { file: string; code: string }[] {
  const readme = readFileSync(path.join(REPOSITORY, 'README.md'), 'utf8');
  const blocks = readme.matchAll(/```ts\n\/\/ (\S+\.ts)\n(.*?)```/gs);
  return [...blocks].map(([, file = '', code = '']) => ({ file, code }));
}

const versionOf = (name: string) =>
  (
    JSON.parse(
      readFileSync(path.join(REPOSITORY, 'node_modules', name, 'package.json'), 'utf8'),
    ) as {
      version: string;
    }
  ).version;

describe('the packed plugin in a fresh Strapi application', () => {
  let app: string;
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(app, file)), { recursive: true });
    writeFileSync(path.join(app, file), text);
  };

  beforeAll(async () => {
    app = mkdtempSync(path.join(tmpdir(), 'newswire-fresh-'));
    const { file } = await packPlugin(app);
    write('package.json', JSON.stringify(manifest(file)));
    mkdirSync(path.join(app, 'public', 'uploads'), { recursive: true });
    for (const [name, text] of Object.entries(CONFIG)) write(`config/${name}.js`, text);
    write('src/api/article/content-types/article/schema.json', JSON.stringify(ARTICLE));
    write('boot.js', BOOT);
    await execute(
      'npm',
      [
        'install',
        '--prefer-offline',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
      ],
      { cwd: app, maxBuffer: 16 * 1_024 * 1_024 },
    );
    const addon = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
    cpSync(path.join(REPOSITORY, addon), path.join(app, addon));
  }, INSTALL_LIMIT);

  // Not rmSync: it would keep the test runner waiting, for a minute on a busy machine.
  afterAll(() => rm(app, { recursive: true, force: true }), INSTALL_LIMIT);

  it('boots with the smallest configuration, and asks for credentials', async () => {
    write('config/plugins.js', 'module.exports = { newswire: { enabled: true } };');
    expect(await boot(app)).toEqual({
      admin: 401,
      api: 401,
      tables: expect.arrayContaining(TABLES),
    });
  });

  it('names a wrong option and stops', async () => {
    write(
      'config/plugins.js',
      'module.exports = { newswire: { enabled: true, config: { network: { allowHtpp: true } } } };',
    );
    await expect(boot(app)).rejects.toThrow(/newswire\.config.*allowHtpp/s);
  });

  it('boots with the configurations that the README shows', async () => {
    const examples = readmeExamples().filter(({ file }) => file === 'config/plugins.ts');
    expect(examples.length).toBeGreaterThan(0);
    for (const { code } of examples) {
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      });
      write('config/plugins.js', outputText);
      expect(await boot(app)).toMatchObject({ admin: 401, api: 401 });
    }
  }, 120_000);

  const typeCheck = async (files: string[], options: object): Promise<string[]> => {
    write('tsconfig.json', JSON.stringify({ compilerOptions: { ...COMPILER, ...options }, files }));
    const { stdout } = await execute(process.execPath, ['node_modules/typescript/bin/tsc'], {
      cwd: app,
      maxBuffer: 16 * 1_024 * 1_024,
    }).catch((error: { stdout: string }) => error);
    // Strapi's own declarations have errors of their own.
    return stdout
      .split('\n')
      .filter((line) => /^(examples|node_modules.strapi-plugin-newswire).*error TS/.test(line));
  };
  it.each([
    { module: 'CommonJS', moduleResolution: 'Node' },
    { module: 'ESNext', moduleResolution: 'Bundler' },
    { module: 'NodeNext', moduleResolution: 'NodeNext' },
  ])(
    "type-checks the README's examples with moduleResolution $moduleResolution",
    async (options) => {
      const files = readmeExamples().map(({ code }, index) => {
        write(`examples/${index}.ts`, code);
        return `examples/${index}.ts`;
      });
      // That the types are there indeed, and not `any`, is told by the one error that must be found.
      write('examples/wrong.ts', WRONG);
      const errors = await typeCheck([...files, 'examples/wrong.ts'], options);
      expect(errors).toEqual([expect.stringMatching(/^examples.wrong\.ts.*allowHtpp/)]);
    },
  );
});

const COMPILER = {
  target: 'ES2022',
  lib: ['ES2022'],
  types: ['node'],
  strict: true,
  esModuleInterop: true,
  // Our declarations must be right in themselves, too.
  skipLibCheck: false,
  noEmit: true,
};

const TABLES = [
  'newswire_events',
  'newswire_deliveries',
  'newswire_attempts',
  'newswire_subscriptions',
];

const WRONG = `
import type { NewswireOptions } from 'strapi-plugin-newswire/config';
export const options: NewswireOptions = { network: { allowHtpp: true } };
`;

const ARTICLE = {
  kind: 'collectionType',
  collectionName: 'articles',
  info: { singularName: 'article', pluralName: 'articles', displayName: 'Article' },
  options: { draftAndPublish: true },
  attributes: { title: { type: 'string', required: true } },
};

function manifest(tarball: string) {
  return {
    name: 'fresh',
    version: '0.0.0',
    private: true,
    dependencies: {
      '@strapi/strapi': versionOf('@strapi/strapi'),
      'better-sqlite3': versionOf('better-sqlite3'),
      react: '^18.3.1',
      'react-dom': '^18.3.1',
      'react-router-dom': '^6.30.3',
      'strapi-plugin-newswire': `file:${tarball}`,
      'styled-components': '^6.1.0',
    },
    devDependencies: { '@types/node': '^20', typescript: versionOf('typescript') },
    strapi: { uuid: 'fresh' },
  };
}

const CONFIG = {
  admin: `module.exports = {
    auth: { secret: 'a' }, apiToken: { salt: 'b' }, transfer: { token: { salt: 'c' } },
    secrets: { encryptionKey: 'd' },
  };`,
  database: `module.exports = {
    connection: { client: 'sqlite', connection: { filename: '.tmp/data.db' }, useNullAsDefault: true },
  };`,
  middlewares: `module.exports = ['strapi::logger', 'strapi::errors', 'strapi::security', 'strapi::cors',
    'strapi::query', 'strapi::body', 'strapi::session', 'strapi::favicon', 'strapi::public'];`,
  server: `module.exports = {
    host: '127.0.0.1', app: { keys: ['e', 'f'] }, logger: { config: { level: 'error' } },
  };`,
};

const BOOT = `
const { createStrapi } = require('@strapi/strapi');
const strapi = createStrapi({ appDir: __dirname, distDir: __dirname, serveAdminPanel: false });
strapi
  .load()
  .then(async () => {
    strapi.server.mount();
    await new Promise((resolve) => strapi.server.httpServer.listen(0, '127.0.0.1', resolve));
    const base = 'http://127.0.0.1:' + strapi.server.httpServer.address().port;
    const status = async (path) => (await fetch(base + path)).status;
    const rows = await strapi.db.connection('sqlite_master').where({ type: 'table' }).select('name');
    const report = {
      admin: await status('/newswire/subscriptions'),
      api: await status('/api/newswire/manage/subscriptions'),
      tables: rows.map((row) => row.name).filter((name) => name.startsWith('newswire_')),
    };
    await strapi.destroy();
    process.send(report, () => process.exit(0));
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
`;

interface BootReport {
  admin: number;
  api: number;
  tables: string[];
}

/** Boots the application in a process of its own. */
function boot(app: string): Promise<BootReport> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(app, 'boot.js'), {
      cwd: app,
      env: { ...process.env, NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    }
    let report: BootReport | undefined;
    child.once('message', (message: BootReport) => (report = message));
    child.once('close', (code) => {
      if (report) resolve(report);
      else reject(new Error(`Strapi ended with code ${code}:\n${output}`));
    });
  });
}
