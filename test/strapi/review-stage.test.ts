import { cpSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { content, generic } from '../../config';
import { REPOSITORY } from '../support/application';
import { EventLog } from '../support/event-log';
import { startStrapi } from '../support/strapi';
import type { TestStrapi } from '../support/strapi';

const TITLE = 'api::title.title';
const STAGE = 'plugin::review-workflows.workflow-stage';

/** Gives titles the relation that a licence with Review Workflows would give them. */
function withReviewStage(appDir: string): void {
  const source = path.join(appDir, 'dist', 'src');
  const built = realpathSync(source);
  rmSync(source);
  cpSync(built, source, { recursive: true });
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(appDir, 'node_modules'));
  const file = path.join(source, 'api', 'title', 'content-types', 'title', 'schema.json');
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { attributes: object };
  const strapi_stage = {
    type: 'relation',
    relation: 'manyToOne',
    target: STAGE,
    writable: true,
    private: true,
    configurable: false,
    visible: false,
  };
  const attributes = { ...schema.attributes, strapi_stage };
  writeFileSync(file, JSON.stringify({ ...schema, attributes }));
}

describe('A review stage in Strapi', () => {
  let app: TestStrapi | undefined;
  let strapi: Core.Strapi;
  let log: EventLog;
  const stages: Record<string, number> = {};

  beforeAll(async () => {
    app = await startStrapi({
      prepare: withReviewStage,
      options: (options) => ({
        ...options,
        presets: [
          content({ uid: TITLE, approved: { stage: 'Cleared' } }),
          generic({ contentTypes: [TITLE], drafts: [TITLE] }),
        ],
      }),
    });
    strapi = app.strapi;
    log = new EventLog(strapi);
    for (const name of ['In review', 'Cleared']) {
      const row = (await strapi.db.query(STAGE).create({ data: { name } })) as { id: number };
      stages[name] = row.id;
    }
    await log.next();
  });

  afterAll(async () => {
    await app?.stop();
  });

  it('that alone changes makes content.approved, and is no change to anybody else', async () => {
    const titles = strapi.documents(TITLE);
    const { documentId } = await titles.create({
      data: { title: 'Rivals', content_id: 'NL-1', strapi_stage: stages['In review'] } as never,
    });
    expect(await log.nextTypes()).toEqual(['entry.created']);
    const moveTo = (name: string) =>
      titles.update({ documentId, data: { strapi_stage: stages[name] } as never });

    await moveTo('Cleared');
    const [approved, ...others] = await log.next();
    expect(others).toEqual([]);
    expect(approved).toMatchObject({
      event_type: 'content.approved',
      changed: [],
      payload: { content_id: 'NL-1', title: 'Rivals' },
    });
    expect(JSON.stringify(approved)).not.toContain('stage');

    await moveTo('Cleared');
    expect(await log.next()).toEqual([]);
    await moveTo('In review');
    expect(await log.next()).toEqual([]);
    await moveTo('Cleared');
    expect(await log.nextTypes()).toEqual(['content.approved']);
  });
});
