import { createRequire } from 'node:module';
import { Evaluator } from '../../server/src/flow/expression/evaluator';
import type { SandboxSettings } from '../../server/src/flow/expression/sandbox';
import { enter } from './leftovers';

const { resolve } = createRequire(import.meta.url);

/** Where the sandbox finds its libraries, as services/expressions.ts tells it. */
const LIBRARIES = { jsonata: resolve('jsonata'), jsonpath: resolve('json-p3') };

/** An evaluator with a sandbox of its own; whoever makes one closes it. */
export function makeEvaluator(
  settings: Partial<SandboxSettings> = {},
  clock: { now(): Date } = { now: () => new Date() },
): Evaluator {
  const evaluator = new Evaluator(
    {
      libraries: LIBRARIES,
      timeBoxMs: 250,
      memoryMegabytes: 64,
      maxOutput: 1_000_000,
      ...settings,
    },
    clock,
  );
  const close = evaluator.close.bind(evaluator);
  const strikeOff = enter('a sandbox', () => Promise.resolve(close()));
  evaluator.close = () => {
    strikeOff();
    close();
  };
  return evaluator;
}
