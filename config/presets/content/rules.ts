import type { BusinessRule } from '../../../server/src/domain/definition';
import {
  absoluteAddresses,
  checksumsWellFormed,
  languageTags,
  startBeforeEnd,
  territoryCodes,
  uniqueEntries,
} from '../../rules';
import type { FullContentMapping } from './mapping';

/** What every event that lists renditions keeps to. */
export const renditionRules: BusinessRule[] = [
  checksumsWellFormed('renditions[].checksum'),
  absoluteAddresses('renditions[].url'),
  uniqueEntries('renditions', { by: 'url', code: 'rendition_duplicate' }),
];

/** What every event that lists captions keeps to. */
export const captionRules: BusinessRule[] = [
  languageTags('captions[].language'),
  absoluteAddresses('captions[].url'),
];

/** What every event that tells rights keeps to. A withdrawal keeps to none: it must get out whatever is wrong. */
export function rightsRules(mappings: readonly FullContentMapping[]): BusinessRule[] {
  // A window of one day is one where any of the mapped content types counts its last day.
  const exclusive = mappings.every(({ rights }) => rights?.endDate === 'exclusive');
  return [
    territoryCodes('rights.territories'),
    startBeforeEnd('rights', {
      code: 'rights_end_before_start',
      endDate: exclusive ? 'exclusive' : 'inclusive',
    }),
  ];
}

/** What every event with the whole of the content keeps to. */
export function contentRules(mappings: readonly FullContentMapping[]): BusinessRule[] {
  return [
    ...rightsRules(mappings),
    languageTags('language', 'captions[].language'),
    checksumsWellFormed('renditions[].checksum'),
    absoluteAddresses('renditions[].url', 'captions[].url', 'thumbnails[].url'),
    uniqueEntries('renditions', { by: 'url', code: 'rendition_duplicate' }),
  ];
}
