import type { Context } from 'koa';
import { describe, expect, it } from 'vitest';
import { completeErrors } from '../../../server/src/middlewares/complete-errors';

async function answered(path: string, status: number, body: unknown): Promise<unknown> {
  const ctx = { path, status, body } as unknown as Context;
  await completeErrors('/api/newswire')(ctx, () => Promise.resolve());
  return ctx.body;
}

const PATH = '/api/newswire/feeds/x/events';
const error = (status: number, details?: unknown) => ({
  data: null,
  error: { status, name: 'Error', message: 'no', ...(details === undefined ? {} : { details }) },
});

describe('An error below our routes', () => {
  it.each([
    [400, 'bad_request'],
    [404, 'not_found'],
    [413, 'body_too_large'],
    [418, 'refused'],
    [503, 'internal_error'],
  ])('that has no code is given one: %i is %s', async (status, code) => {
    expect(await answered(PATH, status, error(status))).toMatchObject({
      error: { message: 'no', details: { code } },
    });
  });

  it('keeps the code and the details that it has', async () => {
    const own = error(400, { code: 'cursor_invalid', path: ['since'] });
    expect(await answered(PATH, 400, structuredClone(own))).toEqual(own);
    const coded = { error: { details: { code: 'bad_request', errors: [] } } };
    expect(await answered(PATH, 400, error(400, { errors: [] }))).toMatchObject(coded);
  });

  it.each([
    ['elsewhere', '/api/newswires/x', 404, error(404)],
    ['that is none', PATH, 200, error(200)],
    ['without a body', PATH, 404, null],
    ['that is a text', PATH, 404, 'Not Found'],
  ])('is left alone where it is one %s', async (_, path, status, body) => {
    const before = structuredClone(body);
    expect(await answered(path, status, body)).toEqual(before);
  });
});
