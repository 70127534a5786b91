import { z } from 'zod';

/** Bounds of what a partner may send in one field. */
const MAX_ID_LENGTH = 100;
const MAX_NAME_LENGTH = 200;
const MAX_TEXT_LENGTH = 2_000;

/** What a thing is called by; it is kept in a column of its own, so it holds nothing that a column could not. */
export const id = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  // eslint-disable-next-line no-control-regex -- control characters are exactly what an id must not hold
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not contain control characters');

/** Optional fields may be left out or null, which say the same: many partners' serialisers write every field. */
export const name = z.string().max(MAX_NAME_LENGTH).nullish();
export const text = z.string().max(MAX_TEXT_LENGTH).nullish();
export const time = z.iso.datetime({ offset: true }).nullish();
export const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).nullish();
