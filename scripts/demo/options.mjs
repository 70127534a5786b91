export const HELP = `Starts Northlight, a small broadcaster on Strapi with Newswire, and a receiver that verifies every
webhook it is sent and prints it on one line.

  npm run demo                the first time installs and builds (some minutes); then it takes seconds
  npm run demo -- --fresh     starts over: empties the demo's database first
  npm run demo -- --help      this text

Environment:
  PORT                   port of Strapi on 127.0.0.1 (1337)
  RECEIVER_PORT          port of the receiver on 127.0.0.1 (4100)
  DATABASE_URL           postgres://… or mysql://… instead of SQLite; a database that is not there is created
  NEWSWIRE_DEMO_STRICT   1: the default network policy, which refuses plain HTTP and loopback, the receiver's too
  STRAPI_LOG_LEVEL       how much of Strapi's log is shown: error, warn (default), info, http, debug

While it runs, the receiver can be made to fail:
  curl -X POST http://127.0.0.1:4100/control -d '{"mode":"down"}'   503: deliveries are retried
                                             -d '{"mode":"404"}'    404: deliveries become dead letters
                                             -d '{"mode":"slow"}'   20 s: deliveries time out and come again
                                             -d '{"mode":"ok"}'     204, the default
  curl http://127.0.0.1:4100/events                                 the last 1,000 events received
`;

/**
 * What the command line and the environment ask for.
 *
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @throws {Error} naming what was wrong and what would be right
 */
export function readOptions(args, env) {
  const unknown = args.find((arg) => !['--fresh', '--help'].includes(arg));
  if (unknown !== undefined) {
    throw new Error(`Unknown option ${unknown}. There are --fresh and --help.`);
  }
  const options = {
    help: args.includes('--help'),
    fresh: args.includes('--fresh'),
    port: portIn(env, 'PORT', 1337),
    receiverPort: portIn(env, 'RECEIVER_PORT', 4100),
    databaseUrl: databaseUrlIn(env),
    strict: env.NEWSWIRE_DEMO_STRICT === '1',
  };
  if (options.port === options.receiverPort) {
    throw new Error(`PORT and RECEIVER_PORT are both ${options.port}; they must differ.`);
  }
  return options;
}

function portIn(env, name, fallback) {
  const text = env[name] ?? '';
  if (text === '') {
    return fallback;
  }
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new Error(`${name}=${text} is no port; give a number from 1 to 65535.`);
  }
  return port;
}

function databaseUrlIn(env) {
  const text = env.DATABASE_URL ?? '';
  if (text === '') {
    return null;
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^(postgres|postgresql|mysql|mariadb):$/.test(url.protocol)) {
    throw new Error(
      'DATABASE_URL must be like postgres://user:password@host/database or mysql://…',
    );
  }
  if (url.pathname.length < 2) {
    throw new Error('DATABASE_URL names no database: it must end in /name.');
  }
  return url;
}
