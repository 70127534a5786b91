import { describe, expect, it } from 'vitest';
import {
  caption,
  CHECKSUM,
  change,
  definitions,
  made,
  NOW,
  rendition,
  rights,
  title,
} from './content-fixture';

describe('The content preset', () => {
  it('tells the whole content in the fields of the contract, and for whom it counts', () => {
    const { payload, problems, scope } = made('content.created', change(null, title()));
    expect(problems).toEqual([]);
    expect(payload).toEqual({
      content_id: 'NL-RIV-0101',
      title: 'Rivals: The Franchise',
      language: 'en-GB',
      synopsis: 'A licence is up for renewal.',
      rights: {
        territories: ['GB', 'IE'],
        start_date: '2026-02-01',
        end_date: '2029-01-31',
        license_type: 'exclusive',
        license_id: 'LIC-1',
      },
      renditions: [
        {
          url: 'https://cdn.example/1080.mp4',
          codec: 'h264',
          resolution: '1920x1080',
          bitrate: 6_000_000,
          file_size: 2_160_000_000,
          checksum: CHECKSUM,
          container: 'mp4',
        },
      ],
      captions: [caption('en-GB')],
      thumbnails: [{ url: 'https://cdn.example/still.jpg', width: 1920, height: 1080 }],
      monetization: { ad_allowed: true, revenue_share: 0.55, third_party_ads_allowed: false },
      distribution_targets: [
        { platform_id: 'player', channel_id: null, publish_time: '2026-02-01T06:00:00.000Z' },
      ],
    });
    expect(scope).toEqual({
      territories: ['GB', 'IE'],
      genres: ['drama'],
      content_types: ['episode'],
    });
  });

  it('takes content of which little is known, and then says that it counts for no territory', () => {
    const bare = {
      documentId: 'doc1',
      publishedAt: '2026-01-20',
      title: 'Untitled',
      rights: null,
      renditions: [{ url: null }],
      thumbnails: null,
      monetization: { id: 3, ad_allowed: null },
    } as never;
    const { payload, problems, scope } = made('content.created', change(null, bare));
    expect(problems).toEqual([]);
    expect(payload).toMatchObject({ content_id: 'doc1', language: null, rights: null });
    expect(payload).toMatchObject({ renditions: [], thumbnails: [], monetization: null });
    expect(scope).toMatchObject({ territories: [], genres: [] });
  });

  it('tells a change of rights to the territories that are lost, too', () => {
    const after = title({ rights: rights({ territories: ['GB', 'FR'] }) });
    const { payload, scope } = made('rights.updated', change(title(), after));
    expect(payload).toMatchObject({
      rights: { territories: ['GB', 'FR'] },
      previous_rights: { territories: ['GB', 'IE'] },
    });
    expect(scope?.territories).toEqual(['GB', 'IE', 'FR']);
  });

  it('lists the new renditions and captions alone, with the content they are of', () => {
    const more = title({
      renditions: [rendition('1080'), rendition('2160'), rendition('720')],
      captions: [caption('en-GB'), caption('de-DE')],
    });
    const renditions = made('rendition.available', change(title(), more)).payload;
    expect(renditions).toMatchObject({
      content_id: 'NL-RIV-0101',
      renditions: [{ url: 'https://cdn.example/2160.mp4' }, { url: 'https://cdn.example/720.mp4' }],
    });
    expect(made('caption.available', change(title(), more)).payload).toMatchObject({
      content_id: 'NL-RIV-0101',
      captions: [{ language: 'de-DE' }],
    });
  });

  it.each([
    ['territory_unknown', { rights: rights({ territories: ['GB', 'EMEA'] }) }],
    ['rights_end_before_start', { rights: rights({ end_date: '2026-01-31' }) }],
    ['schema_violation', { rights: rights({ end_date: 'soon' }) }],
    ['language_unknown', { captions: [caption('english')] }],
    ['language_unknown', { language: 'en_GB' }],
    ['checksum_malformed', { renditions: [rendition('1080', { checksum: 'sha256:…' })] }],
    ['rendition_duplicate', { renditions: [rendition('1080'), rendition('1080')] }],
    ['address_not_absolute', { renditions: [rendition('1080', { url: '/uploads/1.mp4' })] }],
    ['schema_violation', { renditions: [rendition('1080', { file_size: 'large' })] }],
  ])('keeps to its rules: %s', (code, rest) => {
    const { problems } = made('content.created', change(null, title(rest)));
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it('lets a withdrawal out whatever is wrong with the content', () => {
    const broken = title({ rights: rights({ territories: ['EMEA'] }), language: 'english' });
    expect(made('content.withdrawn', change(broken, null)).problems).toEqual([]);
  });

  it('is for partners, with examples, a changelog and no personal data, in every definition', () => {
    expect(definitions.map(({ type }) => type).sort()).toEqual([
      'caption.available',
      'content.approved',
      'content.created',
      'content.published',
      'content.ready',
      'content.updated',
      'content.withdrawn',
      'rendition.available',
      'rights.updated',
    ]);
    for (const definition of definitions) {
      expect(definition).toMatchObject({ audience: 'partner', version: '1.0.0', personal: [] });
      expect(definition.changelog).toHaveLength(1);
      for (const example of definition.examples) {
        const broken = definition.rules.flatMap((rule) => rule.check(example, NOW));
        expect(broken).toEqual([]);
      }
      expect(definition.examples.length).toBeGreaterThan(0);
    }
  });
});
