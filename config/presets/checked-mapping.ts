import { z } from 'zod';
import { issueLines } from '../issue-lines';

/** The uid of a content type. */
export const uid = z.string().min(1);

/** An attribute's name. */
export const attribute = z.string().regex(/^[\w-]+$/, 'must be the name of an attribute');

/** An attribute, or a path through relations and components: `title`, `license_terms.territories`, `show.genre`. */
export const path = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+){0,5}$/, 'must be an attribute, or a path such as "show.genre"');

/** Values of an enumeration or text that mean something. */
export const words = z.array(z.string().min(1)).min(1).max(1_000);

/** How a day without a time of day ends: see `EndDate`. */
export const endDate = z.enum(['inclusive', 'exclusive']).default('inclusive');

/**
 * A preset's options as its schema has them.
 *
 * @throws Error naming the preset, each option that is wrong, and what would be right.
 */
export function checkedMapping<Schema extends z.ZodType>(
  preset: string,
  schema: Schema,
  given: unknown,
): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new Error(`${preset} preset, ${issueLines(result.error.issues).join('; ')}`);
}
