import { expect, test } from 'vitest';
import { noConversion, pinnedVersion } from '../../../server/src/domain/schema-major';

const event = { eventType: 'content.ready', schemaVersion: '2.1.0' };

test.each<[Record<string, number>, object]>([
  [{}, { kind: 'as_it_is' }],
  [{ 'content.updated': 1 }, { kind: 'as_it_is' }],
  [{ 'content.ready': 2 }, { kind: 'as_it_is' }],
  [{ 'content.ready': 1 }, { kind: 'convert', major: 1 }],
])('An event of schema 2.1.0 for a subscription with the pins %j is %j', (pins, expected) => {
  expect(pinnedVersion(pins, event)).toEqual(expected);
});

test('An event that is older than the pinned schema is not sent, and the reason says what to do', () => {
  expect(pinnedVersion({ 'content.ready': 3 }, event)).toEqual({
    kind: 'unavailable',
    reason:
      'The subscription is pinned to major 3 of content.ready, and this event was recorded with schema 2.1.0: pin major 2 or remove the pin, then retry; nothing was sent',
  });
});

test('An event that nothing converts back is told with what to do', () => {
  expect(noConversion(event, 1)).toBe(
    'The subscription is pinned to major 1 of content.ready, and this event has schema 2.1.0, from which nothing converts back: pin major 2 or remove the pin, then retry; nothing was sent',
  );
});

test('A type with the name of an inherited member is not pinned', () => {
  expect(pinnedVersion({}, { ...event, eventType: 'constructor' })).toEqual({ kind: 'as_it_is' });
});
