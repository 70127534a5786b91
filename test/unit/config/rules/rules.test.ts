import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  absoluteAddresses,
  checksumsWellFormed,
  defineEvent,
  expiryWithin,
  languageTags,
  startBeforeEnd,
  territoryCodes,
  uniqueEntries,
} from '../../../../config';
import type { BusinessRule } from '../../../../config';

const NOW = new Date('2026-01-17T14:32:00.000Z');
const LONG = 'a'.repeat(1_000_000);
/** What no rule may stumble over: each is wrong, whatever is asked for. */
const HOSTILE: unknown[] = [
  LONG,
  `en-${'x-'.repeat(50_000)}`,
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\u0000',
  '👾',
  7,
  true,
  {},
  { toString: null },
];

const pathsOf = (rule: BusinessRule, payload: unknown) =>
  rule.check(payload, NOW).map(({ path }) => path);
const takes = (rule: BusinessRule, value: unknown) => rule.check({ value }, NOW).length === 0;

describe('territoryCodes', () => {
  const rule = territoryCodes('rights.territories');

  it('takes the codes that ISO 3166-1 assigns and no others', () => {
    const territories = ['GB', 'UK', 'IE', 'XK', 'EU', 'AN', 'ZZ', 'EMEA', 'GBR', '826'];
    const found = rule.check({ rights: { territories } }, NOW);
    expect(found.map(({ path }) => path)).toEqual(
      [1, 3, 4, 5, 6, 7, 8, 9].map((index) => `rights.territories.${index}`),
    );
    expect(rule.code).toBe('territory_unknown');
  });

  it('says how a code is written that is only in the wrong case', () => {
    expect(rule.check({ rights: { territories: ['gb '] } }, NOW)).toEqual([
      {
        path: 'rights.territories.0',
        message: '"gb " is not an ISO 3166-1 alpha-2 code; write "GB"',
      },
    ]);
  });

  it('finds its lists within lists, and says which is wrong', () => {
    const titles = [
      { license_terms: { territories: ['DE'] } },
      { license_terms: null },
      { license_terms: { territories: ['AT', 'XX'] } },
    ];
    for (const path of ['titles[].license_terms.territories', 'titles.license_terms.territories[]'])
      expect(pathsOf(territoryCodes(path), { titles })).toEqual([
        'titles.2.license_terms.territories.1',
      ]);
  });

  it('leaves what is missing or null to the schema', () => {
    for (const payload of [null, undefined, 'text', {}, { rights: null }, { rights: [] }])
      expect(rule.check(payload, NOW)).toEqual([]);
  });
});

describe('languageTags', () => {
  const rule = languageTags('value');

  it.each(['en', 'en-GB', 'EN-gb', 'nb-NO', 'zh-Hant-HK', 'es-419', 'de-CH-1996', 'cmn', 'und'])(
    'takes %s',
    (tag) => {
      expect(takes(rule, tag)).toBe(true);
    },
  );

  it.each(['iw', 'en-Latn'])('takes %s, which is out of date but valid', (tag) => {
    expect(takes(rule, tag)).toBe(true);
  });

  it.each([
    'english',
    'en_GB',
    'en-UK',
    'xx',
    'en--GB',
    'en-GB-GB',
    'de-1996-1996',
    'en-constructor',
  ])('refuses %s', (tag) => {
    expect(rule.check({ value: tag }, NOW)).toHaveLength(1);
  });

  it.each(['zh-cmn', 'zh-min-nan', 'i-klingon'])(
    'refuses %s, for which there is a plain subtag of its own',
    (tag) => {
      expect(takes(rule, tag)).toBe(false);
    },
  );

  it.each(['qaa', 'x-klingon', 'en-abcde'])(
    'refuses %s, of which a partner cannot know the meaning',
    (tag) => {
      expect(takes(rule, tag)).toBe(false);
    },
  );
});

describe('checksumsWellFormed', () => {
  const rule = checksumsWellFormed('value');
  const hex = (digits: number) => 'aF09'.repeat(32).slice(0, digits);

  it('takes each algorithm with as many digits as it gives', () => {
    const sizes = { md5: 32, sha1: 40, sha256: 64, sha384: 96, sha512: 128, crc32: 8, xxh64: 16 };
    for (const [name, digits] of Object.entries(sizes)) {
      expect(takes(rule, `${name}:${hex(digits)}`)).toBe(true);
      expect(takes(rule, `${name}:${hex(digits - 1)}`)).toBe(false);
    }
    expect(takes(rule, `SHA256:${hex(64)}`)).toBe(true);
  });

  it('takes digits alone where their number tells a digest', () => {
    expect([32, 40, 64, 96, 128].every((digits) => takes(rule, hex(digits)))).toBe(true);
    expect([8, 16, 31, 63].some((digits) => takes(rule, hex(digits)))).toBe(false);
  });

  it.each(['sha256:…', `sha3:${hex(64)}`, `sha256:${'g'.repeat(64)}`, `sha256:${hex(64)}\n`])(
    'refuses %j',
    (value) => {
      expect(takes(rule, value)).toBe(false);
    },
  );
});

describe('startBeforeEnd', () => {
  const rule = startBeforeEnd('rights', { code: 'rights_end_before_start' });
  const rights = (start_date: unknown, end_date: unknown) => ({ rights: { start_date, end_date } });

  it('takes windows that end after they start, and open ones', () => {
    for (const payload of [
      rights('2026-02-01', '2028-02-01'),
      rights('2026-02-01', null),
      rights(null, '2026-02-01'),
      rights('2026-02-01T06:00:00Z', '2026-02-01'),
      { rights: {} },
      { rights: null },
    ])
      expect(rule.check(payload, NOW)).toEqual([]);
  });

  it('names the end of a window that ends first', () => {
    expect(rule.check(rights('2028-02-01', '2026-02-01'), NOW)).toEqual([
      { path: 'rights.end_date', message: '"2026-02-01" is not after the start, "2028-02-01"' },
    ]);
  });

  it('takes one day, unless the last day does not count', () => {
    const day = rights('2026-02-01', '2026-02-01');
    expect(pathsOf(rule, day)).toEqual([]);
    expect(pathsOf(startBeforeEnd('rights', { endDate: 'exclusive' }), day)).toEqual([
      'rights.end_date',
    ]);
    const instant = rights('2026-02-01T06:00:00Z', '2026-02-01T06:00:00Z');
    expect(pathsOf(rule, instant)).toEqual(['rights.end_date']);
  });

  it('compares instants, whatever zones they are written in, and whatever the machine is in', () => {
    vi.stubEnv('TZ', 'America/New_York');
    expect(pathsOf(rule, rights('2026-02-01T06:00:00+02:00', '2026-02-01T05:00:00Z'))).toEqual([]);
    expect(pathsOf(rule, rights('2026-02-01T06:00:00', '2026-02-01T05:59:59Z'))).toHaveLength(1);
    expect(pathsOf(rule, rights('2026-02-01T06:00:00', '2026-02-01T06:00:01Z'))).toEqual([]);
  });

  it('looks at each window of each title by itself', () => {
    const windows = [
      { start_date: '2026-01-01', end_date: '2026-06-30' },
      { start_date: '2026-07-01', end_date: '2026-06-30' },
    ];
    const titles = [{ license_terms: { windows } }];
    expect(pathsOf(startBeforeEnd('titles[].license_terms.windows'), { titles })).toEqual([
      'titles.0.license_terms.windows.1.end_date',
    ]);
  });

  it('looks at dates of the payload itself', () => {
    const own = startBeforeEnd('', { start: 'start', end: 'end' });
    expect(own).toMatchObject({ summary: 'start is before end.', paths: ['start', 'end'] });
    expect(pathsOf(own, { start: '2026-02-02', end: '2026-02-01' })).toEqual(['end']);
    expect(pathsOf(own, { start: 'soon', end: '2026-02-01' })).toEqual(['start']);
  });

  it.each(['2026-02-30', 'soon', '2026', 1_700_000_000_000, ...HOSTILE])(
    'takes no %# for a date',
    (value) => {
      expect(pathsOf(rule, rights(value, null))).toEqual(['rights.start_date']);
    },
  );
});

describe('expiryWithin', () => {
  const rule = expiryWithin('value', { days: 30 });

  it('takes what lies ahead within the limit', () => {
    for (const value of ['2026-01-17', '2026-02-16', '2026-02-16T14:32:00Z', null])
      expect(rule.check({ value }, NOW)).toEqual([]);
  });

  it.each(['2026-01-16', '2026-01-17T14:32:00Z', '2026-02-17', '2026-02-16T14:32:01Z', 'never'])(
    'refuses %s',
    (value) => {
      expect(rule.check({ value }, NOW)).toHaveLength(1);
    },
  );

  it('is not made with a limit that is none', () => {
    expect(() => expiryWithin('preview_expiry', { days: 0 })).toThrow(
      'expiryWithin("preview_expiry"): days must be a number above 0, not 0',
    );
  });
});

describe('uniqueEntries', () => {
  it('names the second of two with the same field, and where the first is', () => {
    const renditions = [{ url: 'a' }, { url: 'b' }, { url: 'a' }, { url: null }, { url: null }];
    expect(uniqueEntries('renditions', { by: 'url' }).check({ renditions }, NOW)).toEqual([
      { path: 'renditions.2', message: '"a" is at renditions.0 too' },
    ]);
  });

  it('compares several fields together, without mixing them up', () => {
    const rule = uniqueEntries('captions', { by: ['language', 'format'] });
    const caption = (language: string, format: string) => ({ language, format });
    expect(pathsOf(rule, { captions: [caption('a', 'b,c'), caption('a,b', 'c')] })).toEqual([]);
    expect(pathsOf(rule, { captions: [caption('de', 'vtt'), caption('de', 'vtt')] })).toEqual([
      'captions.1',
    ]);
  });

  it('compares the entries themselves where no field is named, list by list', () => {
    const rule = uniqueEntries('titles[].territories');
    const titles = [{ territories: ['DE', 'AT'] }, { territories: ['DE', 'GB', 'GB'] }];
    expect(pathsOf(rule, { titles })).toEqual(['titles.1.territories.2']);
  });
});

describe('absoluteAddresses', () => {
  const rule = absoluteAddresses('value');

  it.each(['https://cdn.example/1.mp4?x=1', 'http://127.0.0.1:1337/uploads/1.jpg'])(
    'takes %s',
    (value) => {
      expect(takes(rule, value)).toBe(true);
    },
  );

  it.each(['/uploads/1.jpg', '//cdn.example/1.mp4', 'ftp://cdn.example/1', 'javascript:alert(1)'])(
    'refuses %s',
    (value) => {
      expect(takes(rule, value)).toBe(false);
    },
  );

  it('refuses credentials without repeating them', () => {
    const [violation] = rule.check({ value: 'https://user:hunter2@cdn.example/1.mp4' }, NOW);
    expect(violation?.message).toContain('"https://…@cdn.example/1.mp4"');
    expect(violation?.message).not.toContain('hunter2');
  });
});

describe('any rule', () => {
  const rules = [
    territoryCodes('value'),
    languageTags('value'),
    checksumsWellFormed('value'),
    expiryWithin('value', { days: 30 }),
    absoluteAddresses('value'),
  ];

  it('refuses hostile values in a short message, and quickly', () => {
    const began = performance.now();
    for (const rule of rules) {
      for (const value of HOSTILE) {
        const found = rule.check({ value: [value] }, NOW);
        expect(found, `${rule.code} of ${JSON.stringify(value).slice(0, 30)}`).toHaveLength(1);
        expect(found[0]?.message.length).toBeLessThan(400);
      }
    }
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('says no more than twenty times what is wrong', () => {
    const value = Array.from({ length: 100_000 }, (_, index) => `no ${index}`);
    for (const rule of rules) expect(rule.check({ value }, NOW)).toHaveLength(20);
  });

  it('stops the boot when it names a path that the payload does not have', () => {
    const define = (rule: BusinessRule) =>
      defineEvent({
        type: 'title.cleared',
        version: '1.0.0',
        summary: 'A title was cleared.',
        source: { uid: 'api::title.title' },
        payload: z.strictObject({ rights: z.strictObject({ territories: z.array(z.string()) }) }),
        rules: [rule],
        when: () => true,
        build: () => ({ rights: { territories: [] } }),
      });
    expect(() => define(territoryCodes('rights.territory'))).toThrow(
      'Event definition "title.cleared": rules.0: territory_unknown: the payload has nothing at "rights.territory"',
    );
    expect(define(territoryCodes('rights.territories')).rules).toHaveLength(1);
  });
});
