import { z } from 'zod';
import { issueLines } from './issue-lines';
import type { ChangeAction } from '../server/src/domain/change';

const TYPE = /^[a-z0-9_]+(\.[a-z0-9_]+)+$/;
const VERSION = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

const func = z.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'must be a function',
});
const payload = z.custom<z.ZodType>(
  (value) => typeof value === 'object' && value !== null && '_zod' in value,
  { error: 'must be a zod schema (zod 4)' },
);
const version = z.string().regex(VERSION, 'must be like "1.0.0"');

const ACTIONS: Record<ChangeAction, ChangeAction> = {
  create: 'create',
  update: 'update',
  publish: 'publish',
  unpublish: 'unpublish',
  discardDraft: 'discardDraft',
  clone: 'clone',
  delete: 'delete',
  due: 'due',
};

const source = z.strictObject({
  uid: z.string().min(1),
  counts: z.enum(['published', 'draft']).optional(),
  actions: z.array(z.enum(ACTIONS)).min(1).optional(),
  populate: z.record(z.string(), z.unknown()).optional(),
});

/** What a definition must look like for whoever has no compiler to tell. */
const shape = z.strictObject({
  type: z.string().max(200).regex(TYPE, 'must be dotted lower case, e.g. "show.renewed"'),
  version,
  summary: z.string().min(1).max(500),
  source: z.union([source, z.array(source).min(1)]),
  audience: z.enum(['internal', 'partner', 'public']).optional(),
  approval: z.boolean().optional(),
  priority: z.enum(['normal', 'high']).optional(),
  payload,
  examples: z.array(z.unknown()).max(20).optional(),
  rules: z
    .array(z.looseObject({ code: z.string().min(1), summary: z.string().min(1), check: func }))
    .max(100)
    .optional(),
  personal: z.array(z.string().min(1)).max(200).optional(),
  items: z.strictObject({ list: z.string().min(1), scope: func }).optional(),
  sla: z.strictObject({ withinSeconds: z.number(), share: z.number() }).optional(),
  changelog: z
    .array(z.strictObject({ version, changes: z.array(z.string().min(1)).min(1) }))
    .max(200)
    .optional(),
  previousVersions: z
    .array(z.strictObject({ version, payload, down: func }))
    .max(20)
    .optional(),
  parts: func.optional(),
  when: func,
  build: func,
  scope: func.optional(),
  moments: func.optional(),
  feedItem: func.optional(),
});

/**
 * @throws Error naming the definition, each field that is wrong, and what would be right.
 */
export function checkShape(input: unknown): void {
  const result = shape.safeParse(input);
  if (result.success) return;
  const given = (input as { type?: unknown } | null)?.type;
  const name = typeof given === 'string' ? `"${given}"` : '(without a type)';
  throw new Error(`Event definition ${name}: ${issueLines(result.error.issues).join('; ')}`);
}
