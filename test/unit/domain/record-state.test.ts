import { expect, it } from 'vitest';
import { recordState } from '../../../server/src/domain/record-state';

it.each([
  ['content.withdrawn', 'withdrawn'],
  ['entry.unpublished', 'withdrawn'],
  ['edition.unscheduled', 'withdrawn'],
  ['entry.deleted', 'deleted'],
  ['content.ready', 'current'],
  ['deleted.updated', 'current'],
])('after %s a subject is %s', (type, state) => {
  expect(recordState(type)).toBe(state);
});
