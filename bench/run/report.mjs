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
export function renderSection({ title, intro, table: measured, targets }) {
  const verdicts = targets.map(({ what, wanted, found, verdict }) => [what, wanted, found, verdict]);
  return [
    `## ${title}`,
    intro,
    measured,
    ...(targets.length > 0 ? [table(['target', 'wanted', 'found', ''], verdicts)] : []),
  ].join('\n\n');
}
