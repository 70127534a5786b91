/** Business rules for `rules` of a definition: what a payload must keep to beside its schema. */
export { absoluteAddresses } from './addresses';
export { checksumsWellFormed } from './checksums';
export { expiryWithin, type ExpiryRule } from './expiry';
export { languageTags } from './languages';
export { territoryCodes } from './territories';
export { uniqueEntries, type UniqueRule } from './unique-entries';
export { startBeforeEnd, type WindowRule } from './windows';
