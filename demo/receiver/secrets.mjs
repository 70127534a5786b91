import { readFileSync, statSync } from 'node:fs';

/**
 * The secrets of the subscriptions that deliver here, from a file `{ "secrets": { "<kid>": "whsec_…" } }`.
 * The file is read again whenever it has changed: the demo writes it after the receiver has started.
 *
 * @param {string} file
 * @returns {() => Map<string, string>}
 */
export function secretsIn(file) {
  let version = '';
  let secrets = new Map();
  return () => {
    const current = versionOf(file);
    if (current !== version) {
      secrets = read(file);
      version = current;
    }
    return secrets;
  };
}

function versionOf(file) {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${found.ino}-${found.mtimeMs}-${found.size}` : '';
}

function read(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')).secrets));
  } catch {
    // Missing or half written by hand: every request is refused, with the reason, until it is put right.
    return new Map();
  }
}
