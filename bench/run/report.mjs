import { BUSY_SHARE } from './load.mjs';

export const Reached = 'reached';
export const Missed = 'not reached';

/** A whole number with thousands set apart. */
export const rate = (value) => Math.round(value).toLocaleString('en-GB');

export const ratio = (value) => value.toFixed(2);

export const ms = (value) => value.toFixed(value < 100 ? 1 : 0);

/** @returns {string} a table in Markdown. */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {{ title: string, intro: string, table: string, targets: object[] }} section */
export function renderSection({ title, intro, table: measured, targets, failed }) {
  if (failed) return `## ${title}\n\nNot measured: ${failed}`;
  const verdicts = targets.map(({ what, wanted, found, verdict }) => [
    what,
    wanted,
    found,
    verdict,
  ]);
  return [
    `## ${title}`,
    intro,
    measured,
    ...(targets.length > 0 ? [table(['target', 'wanted', 'found', ''], verdicts)] : []),
  ].join('\n\n');
}

const REPEATED =
  'It is then repeated, up to twice, and counted below only if the last one was disturbed, too.';
const NOT_REPEATED =
  'In this run (`--patience 0`) such runs were not repeated, but only counted: read the ratios, not the figures.';

/** The whole of RESULTS.md. */
export function renderReport({ facts, sections, rounds, patienceMs }) {
  return `${[
    '# Measured',
    [
      'Written by `npm run bench`, never by hand. What counts is the ratio of what was measured in turns in one run: absolute',
      'figures move with the machine and with what else runs on it.',
    ].join('\n'),
    table(['', ''], [...facts, ['rounds', rounds]]),
    [
      'Medians of the rounds. In each round the contestants take turns in a new random order. A run is disturbed when others used more than',
      `${BUSY_SHARE * 100} % of the machine right before or after it. ${patienceMs > 0 ? REPEATED : NOT_REPEATED}`,
    ].join('\n'),
    ...sections.map(renderSection),
  ].join('\n\n')}\n`;
}
