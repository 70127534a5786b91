/**
 * Who may import whom. Type imports count, because a type is a dependency of the reader too.
 *
 *   domain                          itself, node:crypto and the packages listed below
 *   contracts, store, destinations  domain, and the packages listed below
 *   flow                            those three; of destinations the contract alone: it knows none by name
 *   glue                            everything
 *   admin                           itself, and types of contracts
 *   config                          itself, and types of domain
 *   receiver                        itself, and domain: what a signature is over is said once, for both sides of it
 */

/** Packages that a layer may import. `node:` stands for every module of Node's own. */
const PACKAGES = {
  domain: ['node:crypto', 'json-p3'],
  contracts: ['zod'],
  store: ['knex', 'p-retry', 'node:'],
  destinations: ['undici', 'ipaddr.js', 'node:'],
  flow: ['p-retry', 'uuid', 'zod', 'feedsmith', 'node:'],
  receiver: ['jose', 'node:'],
  config: ['zod', 'iso-3166', 'language-tags'],
};

/** Layers of our own that a layer may import. */
const LAYERS = {
  domain: [],
  contracts: ['server/src/domain/'],
  store: ['server/src/domain/'],
  destinations: ['server/src/domain/'],
  flow: [
    'server/src/domain/',
    'server/src/contracts/',
    'server/src/store/',
    'server/src/destinations/contract.ts',
  ],
  receiver: ['server/src/domain/'],
  config: ['server/src/domain/'],
};

const GLUE =
  '^server/src/([^/]+\\.ts$|services/|controllers/|routes/|policies/|middlewares/|permissions/)';

const folderOf = (layer) => (layer === 'config' ? 'config/' : `server/src/${layer}/`);

/** A package as the tool names it: by its place, or by its bare name where it is not installed. */
const outside = (name) => `(^|node_modules/)${literal(name)}(/|$)`;

const literal = (text) => text.replaceAll('.', '\\.');

function layerRule(layer) {
  const packages = PACKAGES[layer];
  const anyNodeModule = packages.includes('node:');
  return {
    name: `layer-${layer}`,
    comment: `${layer} may import: ${[layer, ...LAYERS[layer], ...packages].join(', ')}.`,
    severity: 'error',
    from: { path: `^${folderOf(layer)}` },
    to: {
      pathNot: [
        `^${folderOf(layer)}`,
        ...LAYERS[layer].map((path) => `^${literal(path)}`),
        ...packages.map((name) =>
          name.startsWith('node:') ? `^${name.slice('node:'.length)}$` : outside(name),
        ),
      ],
      ...(anyNodeModule ? { dependencyTypesNot: ['core'] } : {}),
    },
  };
}

export default {
  forbidden: [
    ...Object.keys(LAYERS).map(layerRule),
    {
      name: 'destinations-are-strangers',
      comment: 'A destination type knows no other; what two share belongs beside contract.ts.',
      severity: 'error',
      from: { path: '^server/src/destinations/([^/]+)/' },
      to: {
        path: '^server/src/destinations/[^/]+/',
        pathNot: '^server/src/destinations/$1/',
      },
    },
    {
      name: 'config-takes-types-of-domain',
      comment:
        'What a user imports must not drag the server along: only types, and the packages listed for it.',
      severity: 'error',
      from: { path: '^config/' },
      to: { path: '^server/src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'admin-takes-contracts-only',
      comment: 'The panel knows the HTTP contracts, nothing else of the server.',
      severity: 'error',
      from: { path: '^admin/' },
      to: { path: '^(server|config|demo|test|scripts|bench)/', pathNot: '^server/src/contracts/' },
    },
    {
      name: 'admin-takes-types-only',
      comment: 'A value would put the server and zod into the browser bundle.',
      severity: 'error',
      from: { path: '^admin/' },
      to: { path: '^server/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'strapi-in-glue-only',
      comment: 'Strapi appears in the glue and in the admin panel; the rest must run without it.',
      severity: 'error',
      from: { path: '^(server|config)/', pathNot: GLUE },
      to: { path: '(^|node_modules/)@strapi/' },
    },
    {
      name: 'knex-in-store-and-glue-only',
      severity: 'error',
      from: { path: '^(server|config|admin)/', pathNot: `${GLUE}|^server/src/store/` },
      to: { path: '(^|node_modules/)knex(/|$)' },
    },
    {
      name: 'knex-as-types-only',
      comment: "The connection is Strapi's; a knex of our own would be a second copy.",
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '(^|node_modules/)knex(/|$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shipped-code-stands-alone',
      comment: 'Nothing that is packed may reach into what is not.',
      severity: 'error',
      from: { path: '^(server|config|admin)/' },
      to: { path: '^(test|demo|scripts|bench)/' },
    },
    {
      name: 'declared-dependencies',
      comment:
        'The plugin builder bundles what package.json does not declare, with its own error classes.',
      severity: 'error',
      from: { path: '^(server|config|admin)/' },
      to: {
        pathNot: '^\\.',
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined', 'npm-bundled'],
      },
    },
    {
      name: 'no-dev-dependency-in-shipped-code',
      comment: 'It is not there where the plugin is installed. Types are gone by then.',
      severity: 'error',
      from: { path: '^(server|config|admin)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@strapi/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '\\.d\\.ts$|(^|/)index\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
