import path from 'node:path';
import type { Core } from '@strapi/strapi';

type Env = Core.Config.Shared.ConfigParams['env'];
type Connection = Core.Config.Database['connection'];

const POOL = { min: 0, max: 10 };

/** `DATABASE_URL` (postgres:// or mysql://) chooses the server; without it the data is a SQLite file. */
const config = ({ env }: Core.Config.Shared.ConfigParams): Core.Config.Database => {
  const url = env('DATABASE_URL');
  return { connection: url ? server(new URL(url), env) : sqlite(env) };
};

function server(url: URL, env: Env): Connection {
  const pool = {
    min: env.int('DATABASE_POOL_MIN', POOL.min),
    max: env.int('DATABASE_POOL_MAX', POOL.max),
  };
  switch (url.protocol) {
    case 'postgres:':
    case 'postgresql:':
      return {
        client: 'postgres',
        connection: { ...address(url, 5432), connectionString: url.href },
        pool,
      };
    case 'mysql:':
    case 'mariadb:':
      return { client: 'mysql', connection: address(url, 3306), pool };
    default:
      throw new Error(
        `DATABASE_URL starts with "${url.protocol}//"; the demo knows postgres:// and mysql://`,
      );
  }
}

function address(url: URL, defaultPort: number) {
  return {
    host: url.hostname,
    port: Number(url.port || defaultPort),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

function sqlite(env: Env): Connection {
  // Seen from dist/config, where the compiled file lies. An absolute DATABASE_FILENAME stays as it is.
  const app = path.join(__dirname, '..', '..');
  const filename = path.resolve(app, env('DATABASE_FILENAME', '.tmp/northlight.db'));
  return { client: 'sqlite', connection: { filename }, useNullAsDefault: true };
}

export default config;
