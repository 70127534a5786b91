import type { Dispatcher } from 'undici';
import {
  INVALID_ANSWER,
  type AnswerHeaders,
  type INTERRUPTED,
  type TIMED_OUT,
} from '../../domain/outcome';
import { AnswerBody } from './answer-body';
import type { Timed } from './deadlines';

/** An answer as far as it came. */
export interface Answer {
  status: number;
  headers: AnswerHeaders;
  body: AnswerBody;
}

/** How an exchange ended. `answer` is null where none began; with `error` it is not whole. */
export type Ending =
  | { kind: 'answered'; answer: Answer }
  | { kind: 'failed'; error: unknown; answer: Answer | null }
  | { kind: 'ended'; code: typeof TIMED_OUT | typeof INTERRUPTED; answer: Answer | null };

/** More interim answers (1xx) than this before the real one are a flood, not a courtesy. */
const MAX_INTERIM_ANSWERS = 16;

/**
 * One request and its answer, as undici tells of it. States: waiting for a socket → sent → answer begun → ended.
 *
 * It ends exactly once, by the first of: the answer's end; enough of the answer read; an error; its deadline or
 * signal. The socket goes back to the pool after a whole answer and is destroyed otherwise, so none is left
 * behind with half an answer in it (undici then connects anew ahead of need, and drops that socket when it stays
 * idle). A request that has not begun when it ends never begins.
 */
export class Exchange implements Dispatcher.DispatchHandler, Timed {
  place: number | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  #answer: Answer | null = null;
  #interim = 0;
  #ended = false;

  constructor(
    readonly deadline: number,
    readonly signal: AbortSignal | undefined,
    readonly onEnd: (ending: Ending) => void,
  ) {}

  end(code: typeof TIMED_OUT | typeof INTERRUPTED): void {
    this.#finish({ kind: 'ended', code, answer: this.#answer });
    this.#controller?.abort(new Error(code));
  }

  /** Ends it by an error that came before, or instead of, a request. */
  fail(error: unknown): void {
    this.#finish({ kind: 'failed', error, answer: this.#answer });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended) return controller.abort(new Error('ended while it waited for a socket'));
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: AnswerHeaders,
  ): void {
    if (status < 200) {
      this.#interim += 1;
      if (this.#interim > MAX_INTERIM_ANSWERS) controller.abort(new InterimFloodError());
      return;
    }
    this.#answer = { status, headers, body: new AnswerBody() };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const answer = this.#answer;
    if (answer === null || answer.body.take(chunk)) return;
    // The status is known and the rest is not wanted: ending the socket is cheaper than reading on.
    this.#finish({ kind: 'answered', answer });
    controller.abort(new Error('enough of the answer has been read'));
  }

  onResponseEnd(): void {
    if (this.#answer !== null) this.#finish({ kind: 'answered', answer: this.#answer });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  #finish(ending: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnd(ending);
  }
}

class InterimFloodError extends Error {
  readonly code = INVALID_ANSWER;
  constructor() {
    super(`more than ${MAX_INTERIM_ANSWERS} interim answers (1xx) and no final one`);
  }
}
