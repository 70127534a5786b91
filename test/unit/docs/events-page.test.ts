import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { generic } from '../../../config';
import type { EventDefinition } from '../../../server/src/domain/definition';
import { exampleSchema } from '../../../scripts/docs/example-schema';
import { eventsPage } from '../../../scripts/docs/events-page';
import { demoCatalogue } from '../../support/demo-catalogue';

const PAGE = path.resolve(import.meta.dirname, '../../../docs/events.md');

/** Presets with the demo's mapping; generic events of content types that show what there is. */
async function groups(): Promise<Map<string, EventDefinition[]>> {
  const catalogue = await demoCatalogue();
  const found = new Map<string, EventDefinition[]>();
  for (const definition of catalogue.definitions) {
    const group = catalogue.groupOf(definition.type);
    if (group === 'generic' || group === 'own') continue;
    found.set(group, [...(found.get(group) ?? []), definition]);
  }
  return found.set('generic', generic().define(exampleSchema));
}

describe('docs/events.md', () => {
  it('is what the catalogue says; `npm run docs:events` writes it', async () => {
    const page = eventsPage(await groups());
    const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
    await expect(await format(page, options)).toMatchFileSnapshot(PAGE);
  });

  it('tells of every event that the presets make', async () => {
    const all = await groups();
    const text = eventsPage(all);
    for (const definition of [...all.values()].flat()) {
      expect(text).toContain(`### \`${definition.type}\``);
    }
  });

  it('has a place for each preset, and a preset for each place', async () => {
    const all = await groups();
    expect(() => eventsPage(new Map(all).set('sport', []))).toThrow(/<!-- events of sport -->/);
    expect(() => eventsPage(new Map())).toThrow(/there is no preset executives/);
  });
});
