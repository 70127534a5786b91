/** `2.1.0` as numbers. */
type Parts = [major: number, minor: number, patch: number];

function partsOf(version: string): Parts {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
}

/** Negative where `one` is the older version, positive where it is the newer, 0 where they are the same. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** `1.2.0` and `1.2.1`: versions between which nothing but words may change. */
export function sameMinor(one: string, other: string): boolean {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a[0] === b[0] && a[1] === b[1];
}

/** The next version for a change that an existing reader of `version` can read: `1.3.0` of `1.2.4`. */
export function nextMinor(version: string): string {
  const [major, minor] = partsOf(version);
  return `${major}.${minor + 1}.0`;
}

/** The next version for a change that an existing reader of `version` could not read: `2.0.0` of `1.2.4`. */
export function nextMajor(version: string): string {
  return `${partsOf(version)[0] + 1}.0.0`;
}
