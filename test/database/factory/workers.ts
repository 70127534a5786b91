import type { Knex } from 'knex';
import { afterEach, beforeEach } from 'vitest';
import { startReceiver, type Receiver } from '../../support/receiver';
import { forwarding } from './forwarding';
import type { TestLog } from './log';
import { makeProcess, type ProcessInput, type TestProcess } from './process';

/** A receiver for each test of a `describe`, and the processes that the test makes to send to it. */
export interface Workers {
  /** Another one for every test, and open from its start to its end. */
  readonly receiver: Receiver;
  /** The processes of this test, the oldest first. */
  readonly running: TestProcess[];
  /** Makes a process that is stopped after the test; on the test's own connections unless told otherwise. */
  make(input?: ProcessInput, db?: Knex): TestProcess;
}

/** Stops the processes of every test of a `describe` in the order in which they were made, and then closes its receiver. */
export function useWorkers(log: TestLog): Workers {
  const running: TestProcess[] = [];
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const process of running.splice(0)) await process.stop();
    await receiver.close();
  });

  return {
    receiver: forwarding(() => receiver),
    running,
    make: (input = {}, db = log.db) => {
      const process = makeProcess(db, input);
      running.push(process);
      return process;
    },
  };
}
