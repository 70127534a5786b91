/**
 * @typedef {{ title: string, details: string }} Failure
 * @typedef {{ passed: number, skipped: number, failures: Failure[] }} Result
 */

const MAX_LINES = 80;

/** @param {{ stage: string, seconds: number, result: Result }} stage */
export function printStage({ stage, seconds, result }) {
  const { passed, skipped, failures } = result;
  const mark = failures.length === 0 ? '✓' : '✗';
  const parts = [`${passed} passed`];
  if (failures.length > 0) parts.push(`${failures.length} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  console.log(`${mark} ${stage}  ${parts.join(', ')}  (${seconds.toFixed(1)} s)`);
}

/**
 * Prints what failed, and the last line: `N passed, N failed, N skipped`.
 *
 * @param {{ stage: string, seconds: number, result: Result }[]} stages
 * @returns {number} how many failed.
 */
export function printSummary(stages) {
  for (const { stage, result } of stages) {
    for (const { title, details } of result.failures) {
      console.log(`\n✗ ${stage}: ${title}\n${indent(shorten(details))}`);
    }
  }
  console.log('');
  for (const stage of stages) printStage(stage);

  const sum = (pick) => stages.reduce((total, { result }) => total + pick(result), 0);
  const failed = sum((result) => result.failures.length);
  console.log(
    `\n${sum((result) => result.passed)} passed, ${failed} failed, ${sum((result) => result.skipped)} skipped`,
  );
  return failed;
}

function shorten(text) {
  const lines = text.trimEnd().split('\n');
  if (lines.length <= MAX_LINES) return lines;
  const half = MAX_LINES / 2;
  return [
    ...lines.slice(0, half),
    `… ${lines.length - MAX_LINES} lines left out …`,
    ...lines.slice(-half),
  ];
}

const indent = (lines) => lines.map((line) => `    ${line}`).join('\n');
