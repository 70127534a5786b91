import { describe, expect, it } from 'vitest';
import { content } from '../../../../config';
import {
  caption,
  change,
  defined,
  definitionOf,
  made,
  MAPPING,
  rendition,
  rights,
  title,
  types,
} from './content-fixture';
import type { State } from './content-fixture';
import { schema } from './schema';

describe('Content', () => {
  it('is ready when every requirement is met, and not before', () => {
    const strict = defined({
      ...MAPPING,
      ready: {
        requiredRenditions: [
          { container: 'MP4', resolution: '1920x1080' },
          ({ bitrate }) => (bitrate ?? 0) > 10_000_000,
        ],
        requiredCaptions: ['en', 'de-DE'],
        requiredThumbnails: 1,
      },
    });
    const ready = title({
      renditions: [rendition('1080'), rendition('2160', { bitrate: 18_000_000 })],
      captions: [caption('en-GB'), caption('de-DE')],
    });
    const lacks = [
      { renditions: [rendition('1080')] },
      { captions: [caption('en-GB'), caption('de')] },
      { captions: [caption('enm'), caption('de-DE')] },
      { thumbnails: [] },
      { rights: rights({ territories: [] }) },
    ];
    for (const lack of lacks) {
      const unready = { ...ready, ...lack } as State;
      expect(types(change(null, unready), strict)).not.toContain('content.ready');
      expect(types(change(unready, ready), strict)).toContain('content.ready');
      expect(types(change(ready, unready), strict)).not.toContain('content.ready');
    }
    expect(types(change(ready, { ...ready, synopsis: 'New.' }), strict)).toEqual([
      'content.updated',
    ]);
  });

  describe('approved', () => {
    const at = (name: string | null, rest: object = {}) =>
      title({ publishedAt: null, strapi_stage: name && { id: 1, name }, ...rest });

    it('makes its event when a draft comes to the stage, once', () => {
      const draft = { status: 'draft' as const };
      expect(types(change(at('In review'), at('Cleared'), draft))).toEqual(['content.approved']);
      expect(types(change(null, at('Cleared'), draft))).toEqual(['content.approved']);
      expect(types(change(at('Cleared'), at('Cleared', { title: 'New' }), draft))).toEqual([]);
      expect(types(change(at('Cleared'), at('In review'), draft))).toEqual([]);
      expect(types(change(at('Cleared'), null, draft))).toEqual([]);
      expect(definitionOf('content.approved').sources).toMatchObject([
        { counts: 'draft', populate: { strapi_stage: true } },
      ]);
    });

    it('tells the genre of a draft by the draft of its show', () => {
      const show = { documentId: 's2', genre: 'crime', publishedAt: null };
      const given = change(at(null), at('Cleared', { show }), { status: 'draft' });
      expect(made('content.approved', given).scope?.genres).toEqual(['crime']);
    });

    it('goes by a field of the published state where that is asked for', () => {
      const byField = defined({ ...MAPPING, approved: { field: 'review', value: 'approved' } });
      expect(definitionOf('content.approved', byField).sources).toMatchObject([
        { counts: 'published' },
      ]);
      const given = change(title({ review: 'open' }), title({ review: 'approved' }));
      expect(types(given, byField)).toEqual(['content.approved']);
    });

    it('is silent where Strapi has no review workflows', () => {
      const { strapi_stage: _, ...attributes } =
        schema.contentTypes['api::title.title']!.attributes;
      const free = {
        ...schema,
        contentTypes: {
          ...schema.contentTypes,
          'api::title.title': { ...schema.contentTypes['api::title.title']!, attributes },
        },
      };
      const [approved] = content(MAPPING)
        .define(free)
        .filter(({ type }) => type === 'content.approved');
      expect(approved?.sources[0]?.populate).not.toHaveProperty('strapi_stage');
      expect(approved?.when(change(null, title(), { status: 'draft' }))).toBe(false);
    });
  });
});
