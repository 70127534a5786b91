/** What zod has found wrong, a line each: `show.genre: must be a path`; `(root)` where it concerns the whole. */
export function issueLines(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): string[] {
  return issues.map(({ path, message }) => `${path.map(String).join('.') || '(root)'}: ${message}`);
}
