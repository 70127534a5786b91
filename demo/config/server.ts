import type { Core } from '@strapi/strapi';

const config = ({ env }: Core.Config.Shared.ConfigParams): Core.Config.Server => {
  const level = env('STRAPI_LOG_LEVEL', 'http');
  return {
    host: env('HOST', '127.0.0.1'),
    port: env.int('PORT', 1337),
    app: { keys: env.array('APP_KEYS', []) },
    logger: {
      config: { level },
      // Nothing here phones home, and who asked for a quiet log does not want the banner either.
      updates: { enabled: false },
      startup: { enabled: ['http', 'info', 'debug', 'silly'].includes(level) },
    },
  };
};

export default config;
