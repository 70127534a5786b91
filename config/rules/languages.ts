import languageTag from 'language-tags';
import type { BusinessRule } from '../../server/src/domain/definition';
import { shown } from './payload-values';
import { valueRule } from './value-rule';

/** Longer than any tag in use; RFC 5646 §4.4.1 has 35 for what buffers must hold. */
const MAX_LENGTH = 100;

/**
 * Findings of the registry's reader that leave a tag valid by RFC 5646: a deprecated tag (1) or subtag (11), and a script that
 * the language is written in anyway (10).
 */
const VALID_ALL_THE_SAME: readonly (number | undefined)[] = [1, 10, 11];

/**
 * Languages are BCP 47 tags, well formed, with subtags that IANA has registered: `en-GB`, `zh-Hant`, `es-419`; not `english`,
 * `en_GB` or `en-UK`. Case does not matter. Not taken: private use (`x-…`, `qaa`), of which a partner cannot know the
 * meaning, and the forms that plain subtags have replaced (`zh-cmn` for `cmn`, `i-klingon` for `tlh`). `language_unknown`.
 *
 * @param paths where they are: `language`, `captions[].language`.
 */
export function languageTags(...paths: string[]): BusinessRule {
  return valueRule({
    code: 'language_unknown',
    summary: `Languages are BCP 47 tags of registered languages (${paths.join(', ')}).`,
    paths,
    problem: (value) =>
      typeof value === 'string' && isLanguage(value)
        ? null
        : `${shown(value)} is not a BCP 47 language tag, such as "en-GB"`,
  });
}

/** The structure is judged by the language's own `Intl`, which is strict; the words by the registry. */
function isLanguage(tag: string): boolean {
  if (tag.length > MAX_LENGTH) return false;
  try {
    Intl.getCanonicalLocales(tag);
  } catch {
    return false; // RangeError: not well formed. There is nothing else that it throws for text.
  }
  return languageTag(tag)
    .errors()
    .every(({ code }) => VALID_ALL_THE_SAME.includes(code));
}
