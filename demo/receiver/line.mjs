import { oneLine } from './summary.mjs';

const CODES = { green: 32, red: 31, yellow: 33, cyan: 36, dim: 2, bold: 1 };

const MARKS = {
  verified: ['✔ verified', 'green'],
  repeated: ['↻ seen before', 'yellow'],
  refused: ['✘ refused', 'red'],
  notice: ['•', 'yellow'],
};

/**
 * Makes the function that turns a delivery into its one line on the terminal.
 *
 * @param {{ colour: boolean }} options
 * @returns {(line: import('./server.mjs').Line, now: Date) => string}
 */
export function lineFormatter({ colour }) {
  const paint = (style, text) =>
    colour && style in CODES ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  return ({ kind, text, type, sequence, actor, attempt, latency }, now) => {
    const [mark, markColour] = MARKS[kind];
    const parts = [
      ['dim', now.toTimeString().slice(0, 8)],
      [markColour, mark],
      ['plain', sequence === undefined ? '' : `#${sequence}`],
      ['cyan', type],
      [kind === 'notice' ? 'plain' : 'bold', text],
      ['plain', actor && `by ${actor}`],
      ['dim', attempt && `attempt ${attempt}`],
      ['dim', latency === undefined ? '' : duration(latency)],
    ];
    return parts
      .filter(([, part]) => part)
      .map(([style, part]) => paint(style, oneLine(part)))
      .join('  ');
  };
}

function duration(milliseconds) {
  return milliseconds < 10_000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1000)} s`;
}
