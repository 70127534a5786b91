/** Controls that XML 1.0 has no way to write (§2.2), not even as a reference. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g;
/** Halves of surrogate pairs, with `u` only those that have lost the other half. */
const NO_CHARACTERS = /[\p{Surrogate}\uFFFE\uFFFF]/gu;

const REPLACEMENT = '\uFFFD';

/**
 * A text as XML 1.0 can hold it: controls are left out, and what is no character (half a surrogate pair, U+FFFE, U+FFFF) is
 * replaced by U+FFFD; a line ends in a line feed, as it would after parsing (§2.11). Everything else stays, right-to-left marks
 * and emoji included.
 */
export function xmlText(text: string): string {
  return text.replace(CONTROLS, '').replace(NO_CHARACTERS, REPLACEMENT).replace(/\r\n?/g, '\n');
}
