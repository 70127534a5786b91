import { describe, expect, it } from 'vitest';
import type { ChangeContext } from '../../../../config';
import {
  caption,
  change,
  defined,
  definitionOf,
  ended,
  later,
  made,
  MAPPING,
  rendition,
  rights,
  target,
  title,
  types,
} from './content-fixture';
import type { State } from './content-fixture';

const whole = ['content.created', 'content.ready', 'content.published'];
const files = ['rendition.available', 'caption.available'];

describe('Content', () => {
  it.each<[what: string, before: State, after: State, expected: string[]]>([
    ['a first publication with all there is', null, title(), [...whole, ...files]],
    [
      'a first publication that is to be out later',
      null,
      title(later),
      ['content.created', 'content.ready', ...files],
    ],
    [
      'a first publication without a publish time',
      null,
      title({ distribution_targets: [target(null)] }),
      [...whole, ...files],
    ],
    [
      'a first publication without files',
      null,
      title({ renditions: [], captions: [] }),
      ['content.created', 'content.published'],
    ],
    [
      'a first publication after the end of its rights',
      null,
      title({ rights: ended }),
      ['content.created', 'content.ready', ...files],
    ],
    ['a new synopsis', title(), title({ synopsis: 'Two are.' }), ['content.updated']],
    ['a note that no partner is told', title(), title({ notes: 'Ask Lee' }), []],
    ['components with new ids alone', title(), title({ renditions: [rendition('1080')] }), []],
    [
      'another show of another genre, by which readers are chosen',
      title(),
      title({ show: { documentId: 's2', genre: 'crime', publishedAt: '2026-01-01' } }),
      ['content.updated'],
    ],
    [
      'a show that is not published, of which nothing is said',
      title({ show: null }),
      title({ show: { documentId: 's2', genre: 'crime', publishedAt: null } }),
      [],
    ],
    [
      'a new rendition',
      title(),
      title({ renditions: [rendition('1080'), rendition('2160')] }),
      ['content.updated', 'rendition.available'],
    ],
    [
      'a new checksum of a rendition',
      title(),
      title({ renditions: [rendition('1080', { checksum: `md5:${'b'.repeat(32)}` })] }),
      ['content.updated', 'rendition.available'],
    ],
    [
      'a rendition that is taken away, or loses its checksum',
      title({ renditions: [rendition('1080'), rendition('2160')] }),
      title({ renditions: [rendition('1080', { checksum: null })] }),
      ['content.updated'],
    ],
    [
      'the first rendition, which makes it ready',
      title({ renditions: [] }),
      title(),
      ['content.updated', 'content.ready', 'rendition.available'],
    ],
    [
      'new captions',
      title(),
      title({ captions: [caption('en-GB'), caption('de-DE')] }),
      ['content.updated', 'caption.available'],
    ],
    [
      'one more territory',
      title(),
      title({ rights: rights({ territories: ['GB', 'IE', 'FR'] }) }),
      ['content.updated', 'rights.updated'],
    ],
    [
      'territories in another case, which are the same',
      title(),
      title({ rights: rights({ territories: 'gb, IE' }) }),
      [],
    ],
    [
      'rights that are there at last',
      title({ rights: null }),
      title(),
      ['content.updated', 'content.ready', 'rights.updated'],
    ],
    ['an unpublication', title(), null, ['content.withdrawn']],
    ['an unpublication after the end of its rights', title({ rights: ended }), null, []],
    ['an unpublication before it was out', title(later), null, ['content.withdrawn']],
    [
      'rights that are ended at once',
      title(),
      title({ rights: ended }),
      ['content.updated', 'content.withdrawn', 'rights.updated'],
    ],
    [
      'rights that had ended and are renewed',
      title({ rights: ended }),
      title(),
      ['content.updated', 'content.published', 'rights.updated'],
    ],
    [
      'another change after the end of the rights',
      title({ rights: ended }),
      title({ rights: ended, synopsis: 'Over.' }),
      ['content.updated'],
    ],
    ['a publish time that is moved ahead', title(), title(later), ['content.updated']],
    [
      'a publish time that is moved from the future to the past',
      title(later),
      title(),
      ['content.updated', 'content.published'],
    ],
    [
      'another publish time in the past, of what is out',
      title(),
      title({ distribution_targets: [target('2026-02-02T06:00:00Z')] }),
      ['content.updated'],
    ],
  ])('of %s makes what it should', (_, before, after, expected) => {
    expect(types(change(before, after)).sort()).toEqual([...expected].sort());
  });

  it('publishes at the earliest publish time, and only then', () => {
    const { moments, when } = definitionOf('content.published');
    const state = title({
      distribution_targets: [
        target('2026-04-02T00:00:00Z'),
        target('2026-04-01T06:00:00Z'),
        target(null),
      ],
    });
    expect(moments?.(state, 'api::title.title')).toEqual({
      publish_time: new Date('2026-04-01T06:00:00Z'),
    });
    const due = (now: string, given = state) =>
      when(change(given, given, { action: 'due', moment: 'publish_time', now: new Date(now) }));
    expect(due('2026-04-01T06:00:00Z')).toBe(true);
    expect(due('2026-04-01T05:59:59Z')).toBe(false);
    expect(due('2026-04-01T06:00:00Z', title({ ...later, rights: ended }))).toBe(false);
    const { action, moment } = { action: 'due' as const, moment: 'publish_time' };
    expect(
      types(change(state, state, { action, moment, now: new Date('2026-04-01T06:00:00Z') })),
    ).toEqual(['content.published']);
  });

  it('withdraws when the last day of the rights is over in UTC, and says why', () => {
    const { moments } = definitionOf('content.withdrawn');
    expect(moments?.(title(), 'api::title.title')).toEqual({
      rights_end: new Date('2029-02-01T00:00:00Z'),
    });
    const due = (now: string) =>
      change(title(), title(), { action: 'due', moment: 'rights_end', now: new Date(now) });
    expect(types(due('2029-02-01T00:00:00Z'))).toEqual(['content.withdrawn']);
    expect(definitionOf('content.withdrawn').when(due('2029-01-31T23:59:59Z'))).toBe(false);
    expect(made('content.withdrawn', due('2029-02-01T00:00:00Z')).payload).toMatchObject({
      content_id: 'NL-RIV-0101',
      reason: 'rights_ended',
      rights: { end_date: '2029-01-31' },
    });
  });

  it('takes the last day for over where the option says so, and a time as it stands', () => {
    const [exclusive] = [defined({ ...MAPPING, rights: { endDate: 'exclusive' } })];
    const { moments } = definitionOf('content.withdrawn', exclusive);
    expect(moments?.(title(), 'api::title.title')).toEqual({
      rights_end: new Date('2029-01-31T00:00:00Z'),
    });
    const timed = title({ rights: rights({ end_date: '2029-01-31T18:00:00+02:00' }) });
    expect(definitionOf('content.withdrawn').moments?.(timed, 'api::title.title')).toEqual({
      rights_end: new Date('2029-01-31T16:00:00Z'),
    });
  });

  it('says of a withdrawal whether it was unpublished or deleted', () => {
    const reason = (action: ChangeContext['action']) =>
      made('content.withdrawn', change(title(), null, { action })).payload['reason'];
    expect(reason('unpublish')).toBe('unpublished');
    expect(reason('delete')).toBe('deleted');
  });
});
