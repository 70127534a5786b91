/** JSON text, indented for reading; any other text as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON, or cut off in the middle: what was received is what is shown.
    return text;
  }
}
