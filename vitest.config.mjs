import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const second = 1_000;

const CONFIG = fileURLToPath(new URL('config/index.ts', import.meta.url));

/** `npm run test:faults` runs twenty rounds where `npm test` runs three. */
const faultsInFull = process.env.NEWSWIRE_FAULTS === 'full';

/** The suites of test/, one folder each; `scripts/test.mjs` runs one project after the other. */
const suites = [
  { name: 'unit', timeout: 10 * second },
  { name: 'database', timeout: 30 * second, databases: true },
  { name: 'strapi', timeout: 60 * second, databases: true },
  { name: 'faults', timeout: (faultsInFull ? 1_800 : 240) * second, databases: true },
  { name: 'browser', timeout: 120 * second, databases: true },
  { name: 'packaging', timeout: 300 * second },
];

export default defineConfig({
  test: {
    // Real servers and real processes: two at a time are what two cores bear.
    maxWorkers: 2,
    minWorkers: 1,
    teardownTimeout: 20 * second,
    // Strapi's own migrations make knex say this on MySQL, dozens of times at every first start.
    onConsoleLog: (text) => !text.startsWith('Transaction was implicitly committed'),
    projects: suites.map(({ name, timeout, databases = false }) => ({
      // The demo's configuration, read without a build of the plugin.
      resolve: name === 'unit' ? { alias: { 'strapi-plugin-newswire/config': CONFIG } } : {},
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        environment: 'node',
        // A process per file: Strapi keeps its caches and itself in the process.
        pool: 'forks',
        globalSetup: databases ? ['test/support/database-servers.ts'] : [],
        setupFiles: ['test/support/setup.ts'],
        testTimeout: timeout,
        hookTimeout: Math.max(timeout, 60 * second),
        restoreMocks: true,
        unstubEnvs: true,
      },
    })),
  },
});
