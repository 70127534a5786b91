import { createServer } from 'node:net';

/**
 * Makes sure that a port can be listened on, before anything slow is done.
 *
 * @param {{ port: number, variable: string, user: string }} wanted
 * @throws {Error} naming the port and the variable that changes it
 */
export function ensureFree({ port, variable, user }) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const why = error.code === 'EADDRINUSE' ? 'is taken by another program' : error.message;
      reject(
        new Error(
          `Port ${port} for ${user} ${why}. Choose another, e.g. ${variable}=${port + 10} npm run demo`,
        ),
      );
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}
