import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { ConflictError } from '../services/conflict';
import { UnprocessableContentError } from '../services/unprocessable';
import { UnknownCursorError } from '../store/page';

/** What a controller is made with. */
export interface Deps {
  strapi: Core.Strapi;
}

type Handler = (ctx: Context) => Promise<void>;

/** Runs a handler and gives errors of ours their status; Strapi's own handle the rest. */
export function answer(handler: Handler): Handler {
  return async (ctx) => {
    try {
      await handler(ctx);
    } catch (error) {
      if (error instanceof UnknownCursorError) {
        throw new errors.ValidationError(`after: ${error.message}`, {
          code: 'invalid_query',
          errors: [{ path: ['after'], message: error.message, name: 'ValidationError' }],
        });
      }
      const status = statusOf(error);
      if (status === null) throw error;
      const { name, message, details } = error as ConflictError;
      ctx.status = status;
      ctx.body = { data: null, error: { status, name, message, details } };
    }
  };
}

/** Of errors that Strapi has no status for. */
function statusOf(error: unknown): number | null {
  if (error instanceof ConflictError) return 409;
  return error instanceof UnprocessableContentError ? 422 : null;
}

/** A path parameter; routes declare them, so it is there. */
export function parameter(ctx: Context, name: string): string {
  const { params } = ctx as Context & { params: Record<string, string> };
  return params[name] ?? '';
}

/** The parsed body of a request, or an empty one. */
export function bodyOf(ctx: Context): unknown {
  return (ctx.request as { body?: unknown }).body ?? {};
}
