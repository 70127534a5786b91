import { fileURLToPath } from 'node:url';
import { lineFormatter } from './line.mjs';
import { secretsIn } from './secrets.mjs';
import { createReceiver } from './server.mjs';

const HELP = `Receives Newswire's webhooks, verifies them and prints each on one line.

  node demo/receiver/main.mjs

  POST /webhooks   where subscriptions deliver
  GET  /events     the last 1,000 events received, as JSON
  POST /control    {"mode":"ok"}    answer 204 (the default)
                   {"mode":"down"}  answer 503: deliveries are retried
                   {"mode":"404"}   answer 404: deliveries become dead letters
                   {"mode":"slow"}  answer after 20 s: deliveries time out, and come again

Environment:
  RECEIVER_PORT          port on 127.0.0.1 (4100)
  RECEIVER_SECRETS_FILE  {"secrets":{"<kid>":"whsec_…"}} (demo/.tmp/receiver.json)
  NO_COLOR               no colours
  FORCE_COLOR            colours although this is no terminal
`;

if (process.argv.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(0);
}

const { env } = process;
const port = Number(env.RECEIVER_PORT ?? 4100);
const file =
  env.RECEIVER_SECRETS_FILE ?? fileURLToPath(new URL('../.tmp/receiver.json', import.meta.url));
const colour = !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || process.stdout.isTTY === true);
const format = lineFormatter({ colour });

const server = createReceiver({
  secrets: secretsIn(file),
  print: (line) => process.stdout.write(`${format(line, new Date())}\n`),
});
server.on('error', (error) => {
  process.stderr.write(`The receiver cannot listen on 127.0.0.1:${port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(port, '127.0.0.1');

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
}
