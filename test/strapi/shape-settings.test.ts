import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedSubscription, Subscription } from '../../server/src/contracts/subscription';
import type { HttpClient, Reply } from '../support/http-client';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const SUBSCRIPTIONS = '/newswire/subscriptions';

interface Refused {
  error: { status: number; details: { errors?: { path: string[]; message: string }[] } };
}

describe('Settings of shapes and filters', () => {
  let app: TestStrapi;
  let admin: HttpClient;

  beforeAll(async () => {
    app = await startStrapi();
    admin = await app.admin();
  });
  afterAll(() => app.stop());

  const post = (rest: object) =>
    admin.post<{ data: CreatedSubscription } & Refused>(SUBSCRIPTIONS, {
      name: 'Desk',
      destination: { url: 'https://hooks.example.com/newswire' },
      event_types: ['entry.created'],
      ...rest,
    });
  const create = async (rest: object) => {
    const reply = await post(rest);
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
    return reply.body.data;
  };
  const refusalOf = (reply: Reply<Refused>) => {
    expect(reply.status).toBe(400);
    return reply.body.error.details.errors?.map(({ path, message }) => [path.join('.'), message]);
  };

  it.each<[string, object, string, RegExp]>([
    [
      'a condition',
      { filter: { condition: 'payload.(' } },
      'filter.condition',
      /^Not a JSONata expression: .* \(at position 9\)$/,
    ],
    [
      'a transform',
      { shape: { transform: '{ "a": }' } },
      'shape.transform',
      /^Not a JSONata expression: .* \(at position 8\)$/,
    ],
    ['an empty condition', { filter: { condition: ' ' } }, 'filter.condition', /must not be empty/],
    [
      'a long transform',
      { shape: { transform: `"${'x'.repeat(4_000)}"` } },
      'shape.transform',
      /at most 4000 characters/,
    ],
    [
      'a projection',
      { shape: { projection: ['$.a', 'payload.name'] } },
      'shape.projection.1',
      /^Not a JSON path .*expected '\$'/,
    ],
    [
      'a body format',
      { shape: { body: 'xml' } },
      'shape.body',
      /event, cloudevents, standard, thin/,
    ],
    [
      'a pin of an unknown event',
      { shape: { schema_majors: { 'show.axed': 1 } } },
      'shape.schema_majors.show.axed',
      /no event "show\.axed"/,
    ],
    [
      'a pin to an unknown version',
      { shape: { schema_majors: { 'entry.created': 9 } } },
      'shape.schema_majors.entry.created',
      /there is 1/,
    ],
    [
      'a pin that is no number',
      { shape: { schema_majors: { 'entry.created': '1' } } },
      'shape.schema_majors.entry.created',
      /number/,
    ],
    ['gzip', { shape: { gzip: 'yes' } }, 'shape.gzip', /boolean/],
    ['a scope', { filter: { scope: { territories: 'GB' } } }, 'filter.scope.territories', /array/],
    [
      'an unknown dimension',
      { filter: { scope: { regions: [] } } },
      'filter.scope.regions',
      /no such field/,
    ],
  ])('are refused where they are wrong: %s', async (_, rest, field, words) => {
    const [problem, ...others] = refusalOf(await post(rest)) ?? [];
    expect(problem).toEqual([field, expect.stringMatching(words)]);
    expect(others).toEqual([]);
  });

  it('are changed field by field, and refused where a change is wrong', async () => {
    const { id } = await create({
      filter: { condition: 'true', scope: { territories: ['GB'], genres: ['drama'] } },
      shape: { body: 'standard', projection: ['$.data'], schema_majors: { 'entry.created': 1 } },
    });
    const patch = (changes: object) =>
      admin.patch<{ data: Subscription } & Refused>(`${SUBSCRIPTIONS}/${id}`, changes);
    const changed = await patch({
      filter: { scope: { territories: ['FR'] } },
      shape: { gzip: true },
    });
    expect(changed.body.data).toMatchObject({
      filter: {
        condition: 'true',
        scope: { territories: ['FR'], genres: ['drama'], content_types: [] },
      },
      shape: {
        body: 'standard',
        projection: ['$.data'],
        transform: null,
        schema_majors: { 'entry.created': 1 },
        gzip: true,
        batch: null,
      },
    });
    // As the panel's form does, which shows less than there is.
    const form = await patch({ filter: { subject_types: [], locales: [], changed: ['title'] } });
    expect(form.body.data.filter).toMatchObject({ condition: 'true', changed: ['title'] });
    expect(form.body.data.shape).toEqual(changed.body.data.shape);

    const refused = refusalOf(await patch({ shape: { transform: '(' } }));
    expect(refused).toEqual([['shape.transform', expect.stringMatching(/Not a JSONata/)]]);
    const removed = await patch({ filter: { condition: null }, shape: { projection: null } });
    expect(removed.body.data).toMatchObject({
      filter: { condition: null },
      shape: { projection: null, body: 'standard' },
    });
  });
});
