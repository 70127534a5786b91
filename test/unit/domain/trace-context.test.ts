import { describe, expect, it } from 'vitest';
import { readTraceContext, traceHeaders } from '../../../server/src/domain/trace-context';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const VALID = `00-${TRACE}-${PARENT}-01`;

const parent = (traceparent: unknown) =>
  readTraceContext({ traceparent, tracestate: undefined })?.traceparent ?? null;
const state = (tracestate: unknown) =>
  readTraceContext({ traceparent: VALID, tracestate })?.tracestate ?? null;

describe('traceparent', () => {
  it('is passed on as it came', () => {
    expect(parent(VALID)).toBe(VALID);
    expect(parent(`00-${TRACE}-${PARENT}-00`)).toBe(`00-${TRACE}-${PARENT}-00`);
  });

  it('of a later version is passed on as version 00, with the one flag that is known', () => {
    expect(parent(`01-${TRACE}-${PARENT}-ff`)).toBe(`00-${TRACE}-${PARENT}-01`);
    expect(parent(`cc-${TRACE}-${PARENT}-02-what-the-future-brings`)).toBe(
      `00-${TRACE}-${PARENT}-00`,
    );
  });

  it.each([
    undefined,
    null,
    '',
    'hello',
    VALID.toUpperCase(),
    `${VALID}-more`,
    `${VALID} `,
    `${VALID}\n`,
    ` ${VALID}`,
    `${VALID}, ${VALID}`,
    `ff-${TRACE}-${PARENT}-01`,
    `01-${TRACE}-${PARENT}-01more`,
    `00-${'0'.repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.slice(1)}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}`,
    `0-${TRACE}-${PARENT}-01`,
    [VALID],
    'x'.repeat(100_000),
  ])('is nothing when it is %j', (value) => {
    expect(parent(value)).toBeNull();
  });
});

describe('tracestate', () => {
  it('is passed on in order, without blanks and empty members', () => {
    expect(state('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE')).toBe(
      'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
    );
    expect(state(' rojo=1 ,\t, tenant@system=a b ')).toBe('rojo=1,tenant@system=a b');
  });

  it.each([
    undefined,
    '',
    ',',
    'rojo',
    'Rojo=1',
    'rojo=',
    'rojo=1=2',
    'rojo=1,rojo=2',
    'rojo=\u00e9',
    'rojo=1\r\nX-Evil: 1',
    `${'k'.repeat(257)}=1`,
    `rojo=${'v'.repeat(257)}`,
    Array.from({ length: 33 }, (_, index) => `k${index}=1`).join(','),
    ['rojo=1'],
  ])('is nothing when it is %j, and takes nothing else with it', (value) => {
    expect(state(value)).toBeNull();
    expect(readTraceContext({ traceparent: VALID, tracestate: value })?.traceparent).toBe(VALID);
  });

  it('is cut between members where it is longer than has to be passed on', () => {
    const members = Array.from({ length: 10 }, (_, index) => `key${index}=${'v'.repeat(90)}`);
    const passed = state(members.join(','));
    expect(passed).toBe(members.slice(0, 5).join(','));
    expect(passed!.length).toBeLessThanOrEqual(512);
  });

  it('is read in a time that grows with its length alone', () => {
    const started = performance.now();
    expect(state(`${'a@'.repeat(50_000)}=`)).toBeNull();
    expect(state('a=1,'.repeat(50_000))).toBeNull();
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('is worth nothing without a traceparent', () => {
    expect(readTraceContext({ traceparent: 'hello', tracestate: 'rojo=1' })).toBeNull();
  });
});

describe('The headers of a trace', () => {
  it('are there as far as there is one', () => {
    expect(traceHeaders(null)).toEqual({});
    expect(traceHeaders({ traceparent: VALID, tracestate: null })).toEqual({ traceparent: VALID });
    expect(traceHeaders({ traceparent: VALID, tracestate: 'a=1' })).toEqual({
      traceparent: VALID,
      tracestate: 'a=1',
    });
  });
});
