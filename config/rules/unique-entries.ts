import type { BusinessRule } from '../../server/src/domain/definition';
import { entries, shown, valuesAt } from './payload-values';
import { violationsOf } from './value-rule';

export interface UniqueRule {
  /** Names of the fields that no two entries share; left out, the entries themselves. */
  by?: string | readonly string[];
  /** Default `duplicate_entry`. */
  code?: string;
}

/**
 * No two entries of a list are the same: renditions by `url`, captions by `language` and `format`, territories by themselves.
 * An entry that lacks one of the fields is like no other. Of several lists each is looked at by itself.
 *
 * @param path where the list is: `renditions`, `titles[].format_options`.
 */
export function uniqueEntries(path: string, rule: UniqueRule = {}): BusinessRule {
  const { by = [], code = 'duplicate_entry' } = rule;
  const names = typeof by === 'string' ? [by] : by;
  return {
    code,
    summary: `The entries of ${path} differ${names.length > 0 ? ` in ${names.join(', ')}` : ''}.`,
    paths: names.length > 0 ? names.map((name) => `${path}[].${name}`) : [path],
    check(payload) {
      return valuesAt(payload, path).flatMap((list) => {
        const seen = new Map<string, string>();
        return violationsOf(entries(list), (entry) => {
          const values =
            names.length > 0 ? names.map((name) => only(entry.value, name)) : [entry.value];
          if (values.some((value) => value === null || value === undefined)) return null;
          const key = JSON.stringify(values);
          const first = seen.get(key);
          if (first === undefined) {
            seen.set(key, entry.path);
            return null;
          }
          return {
            path: entry.path,
            message: `${values.map(shown).join(', ')} is at ${first} too`,
          };
        });
      });
    },
  };
}

function only(entry: unknown, name: string): unknown {
  return valuesAt(entry, name)[0]?.value;
}
