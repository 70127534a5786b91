import { INTERRUPTED, judgeAnswer, judgeFailure, type Outcome } from '../../domain/outcome';
import type { Ending } from './exchange';
import { readFailure } from './failure';

/** What the end of an exchange with `host` comes to (spec §4). An answer that is not whole counts as none. */
export function judgeEnding(ending: Ending, host: string, timeoutSeconds: number): Outcome {
  const status = ending.answer?.status ?? null;
  switch (ending.kind) {
    case 'answered': {
      const { headers } = ending.answer;
      return judgeAnswer({ status: ending.answer.status, headers, now: new Date() });
    }
    case 'failed':
      return judgeFailure({ ...readFailure(ending.error, host), status });
    case 'ended': {
      const detail = ending.code === INTERRUPTED ? undefined : `within ${timeoutSeconds} s`;
      return judgeFailure({ code: ending.code, endpoint: host, detail, status });
    }
  }
}
