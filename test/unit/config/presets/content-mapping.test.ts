import { describe, expect, it } from 'vitest';
import { content } from '../../../../config';
import type { ContentMapping } from '../../../../config';
import { change, defined, definitionOf, made, MAPPING, title } from './content-fixture';
import { schema } from './schema';

const FILMS: ContentMapping = {
  uid: 'api::film.film',
  fields: { title: 'name', language: 'lang', publishTime: 'out_at' },
  rights: {
    at: null,
    fields: { territories: 'territories.code', startDate: 'from', endDate: 'until' },
  },
  renditions: { at: 'masters', fields: { codec: null } },
  captions: { at: 'subtitles', fields: { url: 'file' } },
  thumbnails: { at: 'poster' },
  addressBase: 'https://cms.example/',
};

const file = (name: string, rest: object = {}) => ({
  documentId: name,
  name,
  url: `/uploads/${name}`,
  ext: `.${name.split('.')[1]}`,
  size: 12.5,
  width: null,
  height: null,
  ...rest,
});

const film = {
  documentId: 'film1',
  publishedAt: '2026-01-20T08:00:00.000Z',
  name: 'Northern Skies',
  lang: 'nb-NO',
  from: '2026-01-01',
  until: null,
  out_at: '2026-04-01T06:00:00.000Z',
  territories: [{ code: 'no' }, { code: 'SE' }],
  masters: [file('master.mov')],
  subtitles: [
    { language: 'en', file: file('en.vtt') },
    { language: 'de', file: null },
  ],
  poster: file('poster.jpg', { width: 800, height: 1200 }),
};

describe('The mapping of content', () => {
  it('finds fields by other names, through relations, in media, and on the document itself', () => {
    const given = { ...change(null, film as never), uid: FILMS.uid };
    const { payload, problems, scope } = made('content.created', given, defined(FILMS));
    expect(problems).toEqual([]);
    expect(payload).toEqual({
      content_id: 'film1',
      title: 'Northern Skies',
      language: 'nb-NO',
      synopsis: null,
      rights: {
        territories: ['NO', 'SE'],
        start_date: '2026-01-01',
        end_date: null,
        license_type: null,
        license_id: null,
      },
      renditions: [
        {
          url: 'https://cms.example/uploads/master.mov',
          codec: null,
          resolution: null,
          bitrate: null,
          file_size: 12_500,
          checksum: null,
          container: 'mov',
        },
      ],
      captions: [{ language: 'en', url: 'https://cms.example/uploads/en.vtt', format: 'vtt' }],
      thumbnails: [{ url: 'https://cms.example/uploads/poster.jpg', width: 800, height: 1200 }],
      monetization: null,
      distribution_targets: [],
    });
    expect(scope).toEqual({ territories: ['NO', 'SE'], genres: null, content_types: null });
  });

  it('has read what it needs, and no more', () => {
    const [films] = defined(FILMS)[0]!.sources;
    expect(films?.populate).toEqual({
      territories: true,
      masters: true,
      subtitles: { populate: { file: true } },
      poster: true,
    });
    const [titles] = defined(MAPPING)[0]!.sources;
    expect(titles?.populate).toEqual({
      show: true,
      rights: true,
      renditions: true,
      captions: true,
      thumbnails: true,
      monetization: true,
      distribution_targets: true,
    });
  });

  it('serves several content types with one catalogue of events, each as it is mapped', () => {
    const both = defined([MAPPING, FILMS]);
    expect(definitionOf('content.created', both).sources.map(({ uid }) => uid)).toEqual([
      'api::title.title',
      'api::film.film',
    ]);
    const { moments } = definitionOf('content.published', both);
    expect(moments?.(film, 'api::film.film')).toEqual({
      publish_time: new Date('2026-04-01T06:00:00.000Z'),
    });
    expect(moments?.(title(), 'api::title.title')).toEqual({
      publish_time: new Date('2026-02-01T06:00:00.000Z'),
    });
    // Only of titles it is said how they are approved.
    expect(definitionOf('content.approved', both).sources.map(({ uid }) => uid)).toEqual([
      'api::title.title',
    ]);
  });

  it('takes the locale for the language of a localised type that keeps none', () => {
    const type = schema.contentTypes['api::film.film']!;
    const localised = {
      ...schema,
      contentTypes: { ...schema.contentTypes, [type.uid]: { ...type, localized: true } },
    };
    const among = content({ ...FILMS, fields: { title: 'name' } }).define(localised);
    const given = { ...change(null, { ...film, locale: 'nb' } as never), uid: type.uid };
    expect(made('content.created', given, among).payload['language']).toBe('nb');
  });

  it.each<[error: string, mapping: object]>([
    ['uid: this application has no content type "api::clip.clip"', { uid: 'api::clip.clip' }],
    ['fields.title: api::film.film has no attribute "title"; say where', { uid: FILMS.uid }],
    [
      'fields.synopsis: api::title.title has no attribute "blurb" (it has documentId,',
      { fields: { synopsis: 'blurb' } },
    ],
    [
      'fields.genres: api::show.show has no attribute "gender"',
      { fields: { genres: 'show.gender' } },
    ],
    ['fields.genres: "show" is a relation; it must end at', { fields: { genres: 'show' } }],
    ['fields.title: "secret" is a password; it must end at', { fields: { title: 'secret' } }],
    [
      'fields.genres: "title" of api::title.title is a string; a path goes',
      { fields: { genres: 'title.genre' } },
    ],
    [
      'fields.title: api::title.title has no attribute "constructor"',
      { fields: { title: 'constructor' } },
    ],
    ['rights.at: api::title.title has no attribute "licence"', { rights: { at: 'licence' } }],
    [
      'rights.fields.endDate: rights.window has no attribute "until"',
      { rights: { fields: { endDate: 'until' } } },
    ],
    [
      'renditions.fields: Unrecognized key: "codex"',
      { renditions: { fields: { codex: 'codec' } } },
    ],
    ['Unrecognized key: "rigths"', { rigths: {} }],
    ['addressBase: ', { addressBase: 'cms.example' }],
    [
      'ready.requiredCaptions: no captions of api::title.title are mapped',
      { captions: null, ready: { requiredCaptions: ['en'] } },
    ],
    [
      'ready.requireRights: no rights of api::title.title are mapped',
      { rights: null, ready: { requireRights: true } },
    ],
    [
      'approved.field: api::title.title has no attribute "state"',
      { approved: { field: 'state', value: 'ok' } },
    ],
  ])('stops the boot with the option that is wrong: %s', (error, mapping) => {
    const given = { uid: 'api::title.title', ...mapping } as ContentMapping;
    expect(() => content(given).define(schema)).toThrow(`content preset, ${error}`);
  });

  it('says so where a group that is mapped is not there by its name', () => {
    expect(() => defined({ ...FILMS, distributionTargets: {} })).toThrow(
      'content preset, distributionTargets.at: api::film.film has no attribute "distribution_targets"; say where it is, or null for api::film.film itself',
    );
    expect(() => defined([MAPPING, MAPPING])).toThrow(
      'content preset, uid: "api::title.title" is mapped twice',
    );
  });
});
