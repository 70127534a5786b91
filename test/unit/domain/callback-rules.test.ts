import { describe, expect, it } from 'vitest';
import { replyBreach } from '../../../server/src/domain/callback-rules';
import { countsOf, futureBreach } from '../../../server/src/domain/consumption';
import { jsonProblem } from '../../../server/src/domain/json-bounds';

describe('An answer', () => {
  const reply = { eventType: 'content.ingested', inReplyTo: 'event-1', contentId: 'NL-1' };
  const answered = (payload: unknown, subjectId = 'doc-1') => ({ subjectId, payload });

  it.each([
    ['the content_id of the event', answered({ content_id: 'NL-1' })],
    ['the title_id of the event', answered({ title_id: 'NL-1' })],
    ["the subject's id", answered({}, 'NL-1')],
    ["the subject's id, of an event without payload", answered(null, 'NL-1')],
  ])('may name %s', (_, facts) => {
    expect(replyBreach(reply, facts)).toBeNull();
  });

  it('must name an event', () => {
    expect(replyBreach({ ...reply, inReplyTo: null }, null)).toMatchObject({
      code: 'in_reply_to_required',
      path: ['in_reply_to'],
    });
  });

  it('to an event that is not there, or not for this partner, is refused in the same words', () => {
    expect(replyBreach(reply, null)).toEqual({
      code: 'unknown_event',
      path: ['in_reply_to'],
      message: 'You were given no event of this id',
    });
  });

  it('must be about the same content', () => {
    const facts = answered({ content_id: 'NL-2', title_id: 7 });
    expect(replyBreach(reply, facts)).toMatchObject({
      code: 'content_mismatch',
      path: ['payload', 'content_id'],
      message: 'The event that is answered is about "NL-2" or "doc-1"',
    });
    expect(replyBreach({ ...reply, eventType: 'license.accepted' }, facts)).toMatchObject({
      path: ['payload', 'title_id'],
    });
  });
});

describe('Reports of consumption', () => {
  const now = new Date('2026-02-02T00:30:00Z');

  it('count by title and by the day (UTC) on which it was played', () => {
    const items = [
      { content_id: 'a', played_at: '2026-02-01T23:59:59Z', count: 3 },
      { content_id: 'a', played_at: '2026-02-02T01:00:00+02:00' },
      { content_id: 'a' },
      { content_id: 'A', shown_at: '2026-02-02T00:00:00Z', count: null },
    ];
    expect(countsOf({ items }, now)).toEqual([
      { contentId: 'a', day: '2026-02-01', count: 4 },
      { contentId: 'a', day: '2026-02-02', count: 1 },
      { contentId: 'A', day: '2026-02-02', count: 1 },
    ]);
  });

  it('may be one', () => {
    expect(countsOf({ content_id: 'a', count: 2 }, now)).toEqual([
      { contentId: 'a', day: '2026-02-02', count: 2 },
    ]);
  });

  it('are not of the future, beyond what clocks may differ by', () => {
    expect(futureBreach({ content_id: 'a', played_at: '2026-02-02T01:30:00Z' }, now)).toBeNull();
    expect(
      futureBreach(
        { items: [{ content_id: 'a' }, { content_id: 'b', played_at: '2026-02-02T01:30:01Z' }] },
        now,
      ),
    ).toMatchObject({ code: 'time_in_future', path: ['payload', 'items', '1'] });
  });
});

describe('JSON from outside', () => {
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;

  it('may be so deep and no deeper', () => {
    expect(jsonProblem(nested(20), 20)).toBeNull();
    expect(jsonProblem(nested(21), 20)).toContain('20');
  });

  it('costs no stack, however deep it is', () => {
    expect(jsonProblem(nested(400_000), 20)).toContain('20');
  });

  it('has no member that would change what an object is', () => {
    expect(jsonProblem(JSON.parse('{"a":[{"__proto__":{"x":1}}]}'), 20)).toContain('__proto__');
    expect(jsonProblem({ a: 'b' }, 20)).toBeNull();
  });
});
