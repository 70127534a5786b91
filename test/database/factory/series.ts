/** 1, 2, … `last`. */
export function oneTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/**
 * The most requests that were under way at the same moment, each for at least the time that the receiver took to
 * answer.
 */
export function mostAtOnce(requests: { at: number }[], answeredAfter: number): number {
  // A timer may be a millisecond early by the clock that `at` was read from.
  const spans = requests.map(({ at }) => ({ from: at, to: at + answeredAfter - 2 }));
  return Math.max(
    ...spans.map(
      ({ from }) => spans.filter((other) => other.from <= from && from < other.to).length,
    ),
  );
}
