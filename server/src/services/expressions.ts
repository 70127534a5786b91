import { createRequire } from 'node:module';
import { Evaluator } from '../flow/expression/evaluator';
import type { Evaluate } from '../flow/expression/ports';
import type { Clock } from '../flow/ports';
import type { Options } from './options';

const { resolve } = createRequire(import.meta.url);

/** Characters of JSON that a transform may give, as a share of the largest event: it may spell things out. */
const MAX_GROWTH = 4;

/** The sandboxes of this process. Their processes are started when there is something to evaluate. */
export interface Expressions {
  /** Filter conditions, and the check of an expression that is about to be saved. */
  condition: Evaluate;
  /** Transforms and projections: apart, so that none of them can hold up the numbering of events. */
  transform: Evaluate;
  /** Makes ready for conditions, which are waited for. */
  warm(): Promise<void>;
  close(): void;
}

export function createExpressions(options: Options, clock: Clock): Expressions {
  const { conditionMilliseconds, transformMilliseconds, memoryMegabytes } = options.expressions;
  const settings = {
    libraries: { jsonata: resolve('jsonata'), jsonpath: resolve('json-p3') },
    memoryMegabytes,
    maxOutput: options.capture.maxEventBytes * MAX_GROWTH,
  };
  const conditions = new Evaluator({ ...settings, timeBoxMs: conditionMilliseconds }, clock);
  const transforms = new Evaluator({ ...settings, timeBoxMs: transformMilliseconds }, clock);
  return {
    condition: (job) => conditions.evaluate(job),
    transform: (job) => transforms.evaluate(job),
    warm: () => conditions.warm(),
    close() {
      conditions.close();
      transforms.close();
    },
  };
}
