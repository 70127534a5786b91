import { describe, expect, it } from 'vitest';
import { hasItemInScope, onlyItemsInScope } from '../../../server/src/domain/items';
import { compileScope } from '../../../server/src/domain/scope';
import type { EventScope } from '../../../server/src/domain/scope';

const scope = (...territories: string[]): EventScope => ({
  territories,
  genres: null,
  content_types: null,
});
const buyer = compileScope({ territories: ['DE'], genres: [], content_types: [] });
const items = { list: 'titles', scopes: [scope('DE', 'AT'), scope('GB'), null] };
const payload = { slate: 'Spring', titles: ['harbour', 'rivals', 'anywhere'] };

describe('items with a scope of their own', () => {
  it('leave each reader those it may have, in their order', () => {
    expect(onlyItemsInScope(payload, items, buyer)).toEqual({
      slate: 'Spring',
      titles: ['harbour', 'anywhere'],
    });
  });

  it('leave nothing at all where none is left', () => {
    const british = { ...items, scopes: [scope('GB'), scope('GB'), scope()] };
    expect(hasItemInScope(british, buyer)).toBe(false);
    expect(onlyItemsInScope(payload, british, buyer)).toBeNull();
  });

  it('keep back what nothing is known of: more entries than scopes, or no list', () => {
    const short = { ...items, scopes: items.scopes.slice(0, 1) };
    expect(onlyItemsInScope(payload, short, buyer)?.titles).toEqual(['harbour']);
    expect(onlyItemsInScope({ ...payload, titles: 'all' }, items, buyer)).toBeNull();
  });

  it('leave what was recorded as it was', () => {
    onlyItemsInScope(payload, items, buyer);
    expect(payload.titles).toHaveLength(3);
  });
});
