import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { CONTEXT_PROGRAM, SANDBOX_PROGRAM } from './sandbox-program';
import type { ExpressionJob } from './ports';

/**
 * How long after its time box a job that V8 could not stop is killed with its process; long enough that a busy machine
 * does not kill what has just ended.
 */
const KILL_AFTER_MS = 150;

/** How long the process may take to start, on a machine that is busy. */
const START_MS = 20_000;

export interface SandboxSettings {
  /** Files of the libraries, as `require.resolve` finds them. */
  libraries: { jsonata: string; jsonpath: string };
  /** Of one evaluation. */
  timeBoxMs: number;
  memoryMegabytes: number;
  /** Characters of JSON that an evaluation may give. */
  maxOutput: number;
}

/** What became of a job. `died`: its process did not survive it. */
export type SandboxAnswer =
  | { kind: 'value'; json: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'timed_out' }
  | { kind: 'died' };

/** One process that evaluates one job at a time; started when there is one, and again when it has died of one. */
export class Sandbox {
  readonly #settings: SandboxSettings;
  #child: ChildProcess | null = null;
  /** On its way up. */
  #starting: ChildProcess | null = null;

  constructor(settings: SandboxSettings) {
    this.#settings = settings;
  }

  /** Starts its process, if there is none. @returns why it could not be started; null when it is there. */
  async ready(): Promise<string | null> {
    try {
      this.#child ??= await this.#start();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Once it is ready, and has answered what it was given before. */
  async run(job: ExpressionJob): Promise<SandboxAnswer> {
    const { timeBoxMs, maxOutput } = this.#settings;
    const child = this.#child;
    if (child === null) return { kind: 'died' };
    hold(child, true);
    const answer = await exchange(
      child,
      { ...job, timeBoxMs, maxOutput },
      timeBoxMs + KILL_AFTER_MS,
    );
    if (answer === 'killed' || answer === 'ended') {
      this.#child = null;
      return { kind: answer === 'killed' ? 'timed_out' : 'died' };
    }
    hold(child, false);
    return answer as SandboxAnswer;
  }

  /** Ends the process; what it is at is not answered any more. */
  close(): void {
    this.#starting?.kill('SIGKILL');
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  async #start(): Promise<ChildProcess> {
    const { libraries, memoryMegabytes } = this.#settings;
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${memoryMegabytes}`, '-e', SANDBOX_PROGRAM],
      // Nothing of this process's environment: secrets are in there. Windows starts no program without this one.
      { env: pick(process.env, ['SystemRoot']), stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
    );
    this.#starting = child;
    const first = await exchange(
      child,
      { libraries: { ...libraries, program: CONTEXT_PROGRAM } },
      START_MS,
    );
    this.#starting = null;
    if (first === 'killed' || first === 'ended') {
      throw new Error(first === 'killed' ? `no answer within ${START_MS} ms` : 'it ended at once');
    }
    hold(child, false);
    return child;
  }
}

/** An idle sandbox must not keep this process alive. */
function hold(child: ChildProcess, held: boolean): void {
  if (held) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

/** Sends a message and waits for the answer; kills the process that gives none in time. */
async function exchange(child: ChildProcess, message: object, withinMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const end = (answer: unknown) => {
      clearTimeout(timer);
      child.off('message', end);
      child.off('exit', ended);
      child.off('error', ended);
      resolve(answer);
    };
    const ended = () => {
      child.kill('SIGKILL');
      // A process that could not be started or written to tells of it more than once.
      child.on('error', () => undefined);
      end('ended');
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end('killed');
    }, withinMs);
    child.on('message', end);
    child.on('exit', ended);
    child.on('error', ended);
    child.send(message, (error) => {
      if (error) ended();
    });
  });
}

function pick(environment: NodeJS.ProcessEnv, names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}
