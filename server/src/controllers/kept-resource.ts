import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import type { Actor } from '../domain/event';
import { currentActor } from '../services/actor';
import { answer, bodyOf, parameter } from './answer';

/** What reads resources of one kind. What a request means is decided there. */
interface Reader {
  list(query: unknown): Promise<object>;
  find(id: string): Promise<object>;
}

/** What makes them and takes them away, too. */
interface Keeper extends Reader {
  create(input: unknown): Promise<object>;
  remove(id: string): Promise<void>;
}

const id = (ctx: Context) => parameter(ctx, 'id');

/** The routes of a resource that is read. */
export function readResource(service: () => Reader) {
  return {
    find: answer(async (ctx) => {
      ctx.body = await service().list(ctx.query);
    }),
    findOne: answer(async (ctx) => {
      ctx.body = { data: await service().find(id(ctx)) };
    }),
  };
}

/** The routes of a resource that is made and taken away, and not changed. */
export function keptResource(service: () => Keeper) {
  return {
    ...readResource(service),
    create: answer(async (ctx) => {
      ctx.body = { data: await service().create(bodyOf(ctx)) };
      ctx.status = 201;
    }),
    delete: answer(async (ctx) => {
      await service().remove(id(ctx));
      ctx.status = 204;
    }),
  };
}

/** The routes of a resource that is changed, too. */
export function changedResource(
  strapi: Core.Strapi,
  service: () => Keeper & { update(id: string, input: unknown, actor: Actor): Promise<object> },
) {
  return {
    ...keptResource(service),
    update: answer(async (ctx) => {
      ctx.body = { data: await service().update(id(ctx), bodyOf(ctx), currentActor(strapi)) };
    }),
  };
}
