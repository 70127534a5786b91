import { z } from 'zod';
import { pathProblem } from '../domain/projection';
import { scopeWords } from './scope-words';

/** How many event type patterns one subscription or feed may name. */
const MAX_EVENT_TYPES = 100;

/** Length of a JSONata expression, and of a JSON path, in characters; and how many paths a projection may list. */
const EXPRESSION_LENGTH = 4_000;
const PATH_LENGTH = 500;
const MAX_PATHS = 100;

/** An event type, or a pattern of them: see domain/matching.ts. */
export const eventTypePattern = z
  .string()
  .min(1)
  .max(200)
  .regex(/^(\*|[a-z0-9_]+)(\.(\*|[a-z0-9_]+))*$/, {
    error: 'Write an event type such as "content.ready", or a pattern such as "executive.*" or "*"',
  });

export const eventTypes = z.array(eventTypePattern).min(1).max(MAX_EVENT_TYPES);

export const scopeFilter = z.strictObject({
  territories: scopeWords,
  genres: scopeWords,
  content_types: scopeWords,
});

/** JSONata; whether it can be parsed is found out where it can be evaluated. */
export const expression = z
  .string()
  .max(EXPRESSION_LENGTH, {
    error: `A JSONata expression has at most ${EXPRESSION_LENGTH} characters`,
  })
  .refine((text) => text.trim() !== '', {
    error: 'An expression must not be empty; write JSONata, or null for none',
  })
  .nullable()
  .default(null);

/** Which of these events. An empty list restricts nothing. */
export const eventFilter = z.strictObject({
  subject_types: z.array(z.string().max(200)).max(100).default([]),
  locales: z.array(z.string().max(35)).max(200).default([]),
  changed: z.array(z.string().max(200)).max(200).default([]),
  scope: scopeFilter.prefault({}),
  condition: expression,
});

const path = z
  .string()
  .max(PATH_LENGTH)
  .superRefine((text, context) => {
    const problem = pathProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** JSON paths of what is kept of an event; null: all of it. */
export const projection = z.array(path).max(MAX_PATHS).nullable().default(null);
