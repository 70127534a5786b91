import { z } from 'zod';

/** Words of one dimension of a scope, and their length. */
const MAX_SCOPE_WORDS = 300;
const SCOPE_WORD_LENGTH = 200;

/** The words of one dimension of a scope; empty restricts nothing. */
export const scopeWords = z
  .array(z.string().trim().min(1).max(SCOPE_WORD_LENGTH))
  .max(MAX_SCOPE_WORDS)
  .default([]);
