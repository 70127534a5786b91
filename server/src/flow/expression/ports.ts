/** What an evaluation came to. */
export type Evaluation =
  /** JSON text of the value. */
  | { kind: 'value'; json: string }
  /** The expression does not do it: it is wrong, fails on this event, gives nothing or too much. */
  | { kind: 'refused'; reason: string }
  /** Its time ran out, or it was not begun. Another try may end better. */
  | { kind: 'unfinished'; reason: string };

/** Work for the sandbox. */
export type ExpressionJob =
  /** Whether a JSONata expression holds, as its `$boolean` has it: the value is `true` or `false`. */
  | { kind: 'condition'; source: string; input: string }
  /** What a JSONata expression makes of a JSON text. */
  | { kind: 'transform'; source: string; input: string }
  /** Where JSON paths lead in a JSON text; `source` is the JSON list of paths, the value a list of locations. */
  | { kind: 'locate'; source: string; input: string }
  /** Whether a JSONata expression can be parsed. The value is null, or `{ message, position }`. */
  | { kind: 'parse'; source: string; input: '' };

/** Evaluates what others have written, apart from this process. Never rejects. */
export type Evaluate = (job: ExpressionJob) => Promise<Evaluation>;
