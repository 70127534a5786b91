import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  eventFrame,
  HEARTBEAT,
  idFrame,
  retryFrame,
} from '../../../server/src/domain/server-sent-event';

describe('Frames of an event stream', () => {
  it('are read by a reader of the standard as what was written', () => {
    const frames = [
      retryFrame(2_000),
      eventFrame({ id: 'a1', type: 'content.ready', data: '{"a":1}' }),
      HEARTBEAT,
      idFrame('a2'),
      eventFrame({ id: 'a3', type: 'content.updated', data: '{}' }),
    ];
    expect(read(frames.join(''))).toEqual({
      events: [
        { type: 'content.ready', data: '{"a":1}', lastId: 'a1' },
        { type: 'content.updated', data: '{}', lastId: 'a3' },
      ],
      lastId: 'a3',
      retry: 2_000,
    });
  });

  it('move the last id on without an event', () => {
    expect(read(idFrame('a2'))).toEqual({ events: [], lastId: 'a2', retry: null });
  });

  it('hold whatever is in the data, whatever ends a line there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (data) => {
        const { events } = read(eventFrame({ id: '1', type: 'x', data }));
        expect(events.map((event) => event.data)).toEqual([data.replace(/\r\n|\r/g, '\n')]);
      }),
    );
  });

  it('cannot be broken out of by an id or a type', () => {
    const { events, retry } = read(
      eventFrame({ id: '1\nretry: 5', type: 'x\r\ndata: forged', data: 'true' }),
    );
    expect(events).toEqual([{ type: 'xdata: forged', data: 'true', lastId: '1retry: 5' }]);
    expect(retry).toBeNull();
  });
});

/** Interprets a stream as WHATWG HTML §9.2.6 says. */
function read(text: string) {
  const events: { type: string; data: string; lastId: string }[] = [];
  let [id, type, retry]: [string, string, number | null] = ['', '', null];
  let lastId = '';
  let data: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line === '') {
      lastId = id;
      if (data.length > 0) events.push({ type, data: data.join('\n'), lastId });
      [type, data] = ['', []];
      continue;
    }
    if (line.startsWith(':')) continue;
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/su.exec(line) ?? [];
    if (field === 'data') data.push(value);
    if (field === 'event') type = value;
    if (field === 'id' && !value.includes('\0')) id = value;
    if (field === 'retry') retry = Number(value);
  }
  return { events, lastId, retry };
}
