import { describe, expect, it, test } from 'vitest';
import { entityTag, matchesTag } from '../../../server/src/controllers/entity-tag';

describe('an entity tag', () => {
  const tag = entityTag('{"keys":[]}');

  it('is strong, and the same for the same text alone', () => {
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    expect(entityTag('{"keys":[]}')).toBe(tag);
    expect(entityTag('{"keys":[1]}')).not.toBe(tag);
  });

  test.each([
    ['itself', tag, true],
    ['itself, made weak on the way', `W/${tag}`, true],
    ['itself among others', `"a", ${tag},"b"`, true],
    ['anything', '*', true],
    ['another', '"a"', false],
    ['itself without its quotes', tag.replaceAll('"', ''), false],
    ['nothing', '', false],
  ])('is matched by %s: %s', (_what, ifNoneMatch, matches) => {
    expect(matchesTag(ifNoneMatch, tag)).toBe(matches);
  });
});
