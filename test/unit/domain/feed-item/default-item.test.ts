import { describe, expect, it } from 'vitest';
import { itemOfEvent } from '../../../../server/src/domain/feed-item/make-item';
import { labelOf, labelOfType } from '../../../../server/src/domain/feed-item/words';
import { webAddress } from '../../../../server/src/domain/web-address';
import { xmlText } from '../../../../server/src/domain/xml-text';

const item = (type: string, payload: unknown, changed: string[] = []) =>
  itemOfEvent(type, { event_type: type, changed, payload }, undefined);

describe('The default item', () => {
  it('names the type in words, and what the event is about', () => {
    expect(item('executive.commissioner.promoted', { name: 'Lee Mason' }).title).toBe(
      'Commissioner promoted: Lee Mason',
    );
    expect(item('content.ready', { title: 'Rivals' }).title).toBe('Content ready: Rivals');
    expect(item('entry.created', { entry: { headline: 'News' } }).title).toBe(
      'Entry created: News',
    );
    for (const payload of [null, undefined, 'text', [], { name: 7 }, { name: '  ' }]) {
      expect(item('rights.updated', payload).title).toBe('Rights updated');
    }
  });

  it('says what has changed, from pairs of values', () => {
    const payload = {
      name: 'Lee Mason',
      previous_title: 'Executive Director',
      new_title: 'VP, Scripted',
      previous_limit: null,
      limit: 5_000_000,
      previous_region: 'EMEA',
      new_region: 'EMEA',
      previous_rights: { a: 1 },
      rights: { a: 2 },
    };
    expect(item('a.b', payload, ['title']).summary).toBe(
      'Title: Executive Director → VP, Scripted; Limit: none → 5000000; Rights changed.',
    );
  });

  it('says what has changed, from the state before', () => {
    const entry = { title: 'New', tags: ['a', 'b'], live: true };
    const previous = { title: 'Old', tags: [], live: false, gone: 1 };
    expect(item('entry.updated', { entry, previous }).summary).toBe(
      'Title: Old → New; Tags: none → a, b; Live: no → yes.',
    );
    expect(item('a.b', { role: 'Head', previous: { role: null } }).summary).toBe(
      'Role: none → Head.',
    );
  });

  it('names what has changed where there are no values, and is silent where nothing has', () => {
    expect(item('a.b', { title: 'T' }, ['title', 'displayName']).summary).toBe(
      'Changed: title, display name.',
    );
    expect(item('a.b', { title: 'T' }).summary).toBeNull();
    const many = Array.from({ length: 9 }, (_, n) => `field${n}`);
    expect(item('a.b', {}, many).summary).toMatch(/field4 and 4 more\.$/);
  });

  it('lists the payload as HTML in which everything is escaped', () => {
    const { html } = item('a.b', {
      'a<b>': '<script>"&\'',
      effective_date: '2026-01-15',
      empty: null,
      none: [],
      words: ['EMEA', '<i>'],
      rows: [{ url: 'https://x.example/?a=1&b=2' }],
      live: true,
    });
    expect(html).toBe(
      '<dl><dt>A&lt;b&gt;</dt><dd>&lt;script&gt;&quot;&amp;&#39;</dd>' +
        '<dt>Effective date</dt><dd>2026-01-15</dd>' +
        '<dt>Words</dt><dd>EMEA, &lt;i&gt;</dd>' +
        '<dt>Rows</dt><dd><ul><li><dl><dt>URL</dt><dd><a href="https://x.example/?a=1&amp;b=2">' +
        'https://x.example/?a=1&amp;b=2</a></dd></dl></li></ul></dd>' +
        '<dt>Live</dt><dd>yes</dd></dl>',
    );
  });

  it('shows no more than so much, however large the event, and says so', () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => ({ n, text: '<&>'.repeat(10) }));
    const { html } = item('a.b', { rows });
    expect(html.length).toBeLessThan(4_000_000);
    expect(html).toContain('The event has more than is shown here.');
    let deep: unknown = 'end';
    for (let n = 0; n < 1_000; n += 1) deep = { deep };
    expect(item('a.b', deep).html).toContain('<code>');
  });
});

describe('Words', () => {
  it('are written as people read them', () => {
    expect(labelOf('previous_title')).toBe('Previous title');
    expect(labelOf('displayName')).toBe('Display name');
    expect(labelOf('content_id')).toBe('Content ID');
    expect(labelOfType('executive_role.created')).toBe('Executive role created');
  });
});

describe('A web address', () => {
  it('is one that RFC 3986 knows, without a password', () => {
    expect(webAddress('HTTPS://X.example/ä b?q=[1]&r=%zz#a#b')).toBe(
      'https://x.example/%C3%A4%20b?q=%5B1%5D&r=%25zz#a%23b',
    );
    expect(webAddress('http://[::1]:8080/')).toBe('http://[::1]:8080/');
    for (const none of ['javascript:alert(1)', 'https://u:p@x.example', '/path', 7, null, '']) {
      expect(webAddress(none)).toBeNull();
    }
    expect(webAddress(`https://x.example/${'a'.repeat(2_000)}`)).toBeNull();
  });
});

describe('Text for XML', () => {
  it('loses what XML has no way to write, and nothing else', () => {
    expect(xmlText('a\u0000\u0008b\u000C\u001Fc')).toBe('abc');
    expect(xmlText('\uD83D \uDE00 😀 \uFFFE')).toBe('\uFFFD \uFFFD 😀 \uFFFD');
    expect(xmlText('a\r\nb\rc\td')).toBe('a\nb\nc\td');
    expect(xmlText('שלום \u202E\u200F')).toBe('שלום \u202E\u200F');
  });
});
