import type { BusinessRule } from '../../../server/src/domain/definition';
import { absoluteAddresses, expiryWithin, startBeforeEnd, territoryCodes } from '../../rules';

/**
 * What a listing keeps to.
 *
 * @param at where it is: `` for the payload itself, `titles[].` for a list.
 */
export function listingRules(
  at: '' | 'titles[].',
  previewMaxDays: number | undefined,
): BusinessRule[] {
  return [
    ...previewRules(at, previewMaxDays),
    territoryCodes(`${at}license_terms.territories`),
    startBeforeEnd(`${at}license_terms.windows[]`),
  ];
}

export function previewRules(
  at: '' | 'titles[].',
  previewMaxDays: number | undefined,
): BusinessRule[] {
  return [
    absoluteAddresses(`${at}preview_url`),
    ...(previewMaxDays === undefined
      ? []
      : [expiryWithin(`${at}preview_expiry`, { days: previewMaxDays })]),
  ];
}
