import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import {
  CONTEXT_PROGRAM,
  SANDBOX_PROGRAM,
} from '../../../../server/src/flow/expression/sandbox-program';
import { waitFor } from '../../../support/wait-for';

const { resolve } = createRequire(import.meta.url);

/** Starts the sandbox's program as sandbox.ts does, gives it what does not end, and tells its process id. */
const PARENT = `
const { spawn } = require('node:child_process');
const { program, libraries, job } = JSON.parse(process.env.WORK);
const child = spawn(process.execPath, ['-e', program], { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
child.once('message', () => child.send(job, () => console.log(child.pid)));
child.send({ libraries });
`;

it('The sandbox does not outlive the process that it works for, not even one that was killed', async () => {
  const work = {
    program: SANDBOX_PROGRAM,
    libraries: {
      jsonata: resolve('jsonata'),
      jsonpath: resolve('json-p3'),
      program: CONTEXT_PROGRAM,
    },
    job: {
      kind: 'condition',
      source: '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
      input: '{}',
      timeBoxMs: 500,
      maxOutput: 1_000,
    },
  };
  const parent = spawn(process.execPath, ['-e', PARENT], {
    env: { WORK: JSON.stringify(work) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
  const sandbox = Number(String(printed));
  expect(isAlive(sandbox)).toBe(true);

  parent.kill('SIGKILL');
  await waitFor(() => !isAlive(sandbox), 5_000, 'the sandbox to end');
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
