import { z } from 'zod';

function withoutDefault(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodDefault || field instanceof z.ZodPrefault
    ? (field.unwrap() as z.ZodType)
    : field;
}

/** A section of a PATCH: every field may be left out, and what is left out stays as it is. */
export function patchOf<T extends z.ZodRawShape>(section: z.ZodObject<T>) {
  const fields = Object.fromEntries(
    Object.entries(section.shape).map(([name, field]) => [
      name,
      withoutDefault(field as z.ZodType).optional(),
    ]),
  );
  return z.strictObject(fields);
}
