/**
 * `npm run demo`: installs, builds, fills and starts Northlight, a Strapi application with the plugin, and a
 * receiver that prints what it is sent. See `--help`.
 */

// Everything else is imported only after this check: an older Node.js could not even parse it.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`The demo needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

const { main } = await import('./demo/main.mjs');
await main();
