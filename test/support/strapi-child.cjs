/**
 * A Strapi in a process of its own, so that a test can kill it. Started by strapi-process.ts, which makes its
 * application and its environment; says where it listens once it does.
 */
const path = require('node:path');

const [, , repository, appDir, panel] = process.argv;
const { createStrapi } = require(
  require.resolve('@strapi/strapi', { paths: [path.join(repository, 'demo')] }),
);

const strapi = createStrapi({
  appDir,
  distDir: path.join(appDir, 'dist'),
  serveAdminPanel: panel === 'panel',
  autoReload: false,
});

strapi
  .load()
  .then(() => {
    strapi.server.mount();
    strapi.server.httpServer.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
      process.send({ port: strapi.server.httpServer.address().port });
    });
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });

// A test runner that has gone leaves no Strapi behind.
process.on('disconnect', () => process.exit(1));
