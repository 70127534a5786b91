import { errors } from '@strapi/utils';
import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { StatusError } from '../services/status-error';
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
      if (!(error instanceof StatusError)) throw error;
      const { name, message, details, status, retryAfter } = error;
      if (retryAfter !== null) ctx.set('Retry-After', String(retryAfter));
      ctx.status = status;
      ctx.body = { data: null, error: { status, name, message, details } };
    }
  };
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
