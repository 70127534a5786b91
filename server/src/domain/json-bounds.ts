/**
 * What is wrong with JSON from outside beyond its grammar, or null: objects and lists that lie in each other deeper than
 * whatever walks them later can go, or a name that would change what an object is instead of what it has.
 */
export function jsonProblem(value: unknown, maxDepth: number): string | null {
  // Without recursion: the depth is what is to be found out.
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= maxDepth) return `Objects and lists may lie in each other ${maxDepth} deep`;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      if (Object.hasOwn(one, '__proto__')) return 'No member may be called __proto__';
      for (const member of Object.values(one)) {
        if (typeof member === 'object' && member !== null) next.push(member);
      }
    }
    level = next;
  }
  return null;
}
