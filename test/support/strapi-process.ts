import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { makeApplication, REPOSITORY, type Options } from './application';
import type { TestDatabase } from './databases';
import { httpClient, type HttpClient } from './http-client';
import { enter } from './leftovers';
import { ENVIRONMENT, logIn } from './strapi';

export interface StartProcessOptions {
  database: TestDatabase;
  /** Changes to Newswire's options in the demo; they travel as JSON. */
  options?: Options;
  env?: Record<string, string>;
  panel?: boolean;
  /** A port that an earlier process had; else any. */
  port?: number;
}

export interface StrapiProcess {
  url: string;
  port: number;
  pid: number;
  anonymous: HttpClient;
  /** Needs an account: seed the demo, by `env: { NEWSWIRE_DEMO_SEED: '1' }`. */
  admin(): Promise<HttpClient>;
  /** All that it has printed. */
  output(): string;
  /** Whether it has ended, by itself or by us. */
  hasEnded(): boolean;
  /** `kill -9`: nothing of it runs any more when this resolves. */
  kill(): Promise<void>;
  /** SIGTERM, as a deployment does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const BOOTS_WITHIN = 60_000;

/** Starts the demo in a process of its own and waits until it listens. */
export async function startStrapiProcess(start: StartProcessOptions): Promise<StrapiProcess> {
  const application = makeApplication(start.options);
  const child = fork(
    path.join(import.meta.dirname, 'strapi-child.cjs'),
    [REPOSITORY, application.appDir, start.panel ? 'panel' : 'no-panel'],
    {
      env: {
        ...process.env,
        ...ENVIRONMENT,
        ...start.database.env,
        ...start.env,
        PORT: String(start.port ?? 0),
      },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  }

  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = async (signal: NodeJS.Signals) => {
    strikeOff();
    child.kill(signal);
    const code = await exited;
    application.remove();
    return code;
  };
  const strikeOff = enter(`a Strapi process (${child.pid})`, () => end('SIGKILL'));

  const port = await portOf(child, exited).catch(async (cause: unknown) => {
    await end('SIGKILL');
    throw new Error(`Strapi did not start; it printed:\n${output}`, { cause });
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    pid: child.pid ?? 0,
    anonymous: httpClient(url),
    admin: () => logIn(url),
    output: () => output,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

function portOf(child: ChildProcess, exited: Promise<number | null>): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${BOOTS_WITHIN} ms`)),
      BOOTS_WITHIN,
    );
    child.once('message', (message: { port: number }) => {
      clearTimeout(timer);
      resolve(message.port);
    });
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`it ended with code ${code}`));
    });
  });
}
