import type { BusinessRule } from '../../server/src/domain/definition';
import { shown } from './payload-values';
import { valueRule } from './value-rule';

/** Hexadecimal digits of each kind of checksum that the industry's tools write. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
  ['crc32', 8],
  ['xxh64', 16],
  ['xxh128', 32],
]);

/** Without a name only the length tells what it is, so the short ones, which are no digests, need theirs. */
const NAMELESS = new Set([32, 40, 64, 96, 128]);

const MAX_LENGTH = 200;
const PARTS = /^(?:([a-z0-9]+):)?([0-9a-f]+)$/i;

/**
 * Checksums are `sha256:<hex>` (or `md5`, `sha1`, `sha384`, `sha512`, `crc32`, `xxh64`, `xxh128`) or the digits alone, of the
 * length that the algorithm gives. Whether one fits its file only the receiver of the file can know. `checksum_malformed`.
 *
 * @param paths where they are: `renditions[].checksum`.
 */
export function checksumsWellFormed(...paths: string[]): BusinessRule {
  return valueRule({
    code: 'checksum_malformed',
    summary: `Checksums have the form and length of their algorithm (${paths.join(', ')}).`,
    paths,
    problem: (value) =>
      typeof value === 'string' && isChecksum(value)
        ? null
        : `${shown(value)} is not a checksum, such as "sha256:" and 64 hexadecimal digits`,
  });
}

function isChecksum(text: string): boolean {
  const parts = text.length <= MAX_LENGTH ? PARTS.exec(text) : null;
  if (!parts) return false;
  const [, algorithm, digits = ''] = parts;
  return algorithm === undefined
    ? NAMELESS.has(digits.length)
    : DIGITS.get(algorithm.toLowerCase()) === digits.length;
}
