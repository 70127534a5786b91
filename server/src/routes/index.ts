import { operations } from './operations';

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

/** Below `/api/newswire`, for Strapi API tokens alone. */
const contentApi = {
  type: 'content-api',
  routes: [
    ...operations.map(({ method, path, handler }) => ({ method, path: `/manage${path}`, handler })),
    { method: 'GET', path: '/metrics', handler: 'metrics.find' },
  ].map((route) => ({ ...route, config: { auth: { strategies: ['content-api-token'] } } })),
};

export const routes = { admin, 'content-api': contentApi };
