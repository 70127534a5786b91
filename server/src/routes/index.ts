import { API_TOKENS } from '../services/partners/caller';
import { operations } from './operations';
import { forPartners } from './partners';

/** The admin panel's fetch client knows no PATCH, so the panel sends the same body, with the same meaning, by PUT. */
const byPanel = operations
  .filter(({ method }) => method === 'PATCH')
  .map((operation) => ({ ...operation, method: 'PUT' }));

/** Below `/newswire`, behind Strapi's admin session and the RBAC actions of the plugin. */
const admin = {
  type: 'admin',
  routes: [...operations, ...byPanel].map(({ method, path, handler, action }) => ({
    method,
    path,
    handler,
    config: {
      policies: [
        'admin::isAuthenticatedAdmin',
        { name: 'admin::hasPermissions', config: { actions: [`plugin::newswire.${action}`] } },
      ],
    },
  })),
};

/** Below `/api/newswire`, for anybody: what verifies a signature is no secret, nor what events for partners look like. */
const open = [
  ['/jwks.json', 'key-set.find'],
  ['/asyncapi.json', 'schemas.asyncApi'],
  ['/schemas', 'schemas.find'],
  ['/schemas/:event_type/changelog', 'schemas.changelog'],
  ['/schemas/:event_type/:version', 'schemas.findOne'],
].map(([path, handler]) => ({ method: 'GET', path, handler, config: { auth: false } }));

/** Below `/api/newswire/manage`, for Strapi API tokens alone. */
const managed = operations.map(({ method, path, handler }) => ({
  method,
  path: `/manage${path}`,
  handler,
  config: { auth: { strategies: [API_TOKENS] } },
}));

/** Below `/api/newswire`, for Strapi API tokens alone. */
const tokens = { auth: { strategies: [API_TOKENS] } };
const watched = [{ method: 'GET', path: '/metrics', handler: 'metrics.find', config: tokens }];

const contentApi = {
  type: 'content-api',
  routes: [...managed, ...watched, ...forPartners, ...open],
};

export const routes = { admin, 'content-api': contentApi };
