import { afterEach, describe, expect, it, test } from 'vitest';
import type { Evaluator } from '../../../../server/src/flow/expression/evaluator';
import { makeEvaluator } from '../../../support/sandbox';

const EVENT = JSON.stringify({
  event_type: 'entry.updated',
  payload: { name: 'Lee', items: [1, 2, 3] },
});

/** Backtracks without end; no promise and no loop of JSONata's own is in it. */
const REGEX = '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)';
/** Native code that V8 cannot interrupt. */
const NATIVE = '$length($pad("x", 500000000, "#"))';
/** Gives more memory to one piece of text than the process has. */
const HUGE = '$pad("x", 60000000, "#") & $pad("y", 60000000, "#")';

let evaluator: Evaluator;
afterEach(() => evaluator.close());

const evaluate = (kind: 'condition' | 'transform', source: string, input = EVENT) =>
  evaluator.evaluate({ kind, source, input });

describe('a condition', () => {
  test.each([
    ['payload.name = "Lee"', true],
    ['payload.name = "Ana"', false],
    ['payload.missing', false],
    ['payload.name', true],
    ['""', false],
    ['0', false],
    ['payload.items', true],
    ['[]', false],
    ['[0]', false],
    ['{}', false],
    ['"Lee" in payload.name', true],
    ['$exists(payload.items[2])', true],
    ['function($x) { $x }', false],
    ['null', false],
  ])('%s is %s', async (source, holds) => {
    evaluator = makeEvaluator();
    expect(await evaluate('condition', source)).toEqual({ kind: 'value', json: String(holds) });
  });
});

describe('a transform', () => {
  test.each([
    ['{ "who": payload.name }', { who: 'Lee' }],
    ['payload.items.($ * 2)', [2, 4, 6]],
    ['$base64encode("Søren!")', Buffer.from('Søren!', 'latin1').toString('base64')],
    ['$base64decode("SGVsbG8=")', 'Hello'],
    ['$fromMillis(0)', '1970-01-01T00:00:00.000Z'],
    ['$formatNumber(1234.5, "#,##0.00")', '1,234.50'],
    ['{ "a": function($x) { $x }, "b": 1 }', { b: 1 }],
  ])('%s', async (source, value) => {
    evaluator = makeEvaluator();
    const done = await evaluate('transform', source);
    expect(done).toMatchObject({ kind: 'value' });
    expect(JSON.parse((done as { json: string }).json)).toEqual(value);
  });

  test.each([
    ['payload.missing', 'it gives nothing for this event'],
    ['function($x) { $x }', 'it gives a function, which is no JSON'],
    ['$error("no such desk")', 'no such desk (at position 7)'],
    ['payload.name + 1', /left side of the "\+" operator must evaluate to a number/],
    ['payload.(', /Expected "\)" before end of expression \(at position 9\)/],
    ['($f := function($x) { $f($x) + 1 }; $f(1))', /Stack overflow/],
    ['[1..10000000]', /maximum sequence length/],
    ['$pad("", 2000000, "#")', 'it gives 2000002 characters; 1000000 are allowed'],
    [HUGE, 'it needed more than the 64 MB of memory that it is allowed'],
  ])('%s is refused with its reason', async (source, reason) => {
    evaluator = makeEvaluator({ timeBoxMs: 5_000 });
    expect(await evaluate('transform', source)).toEqual({
      kind: 'refused',
      reason: typeof reason === 'string' ? reason : (expect.stringMatching(reason) as unknown),
    });
    // Whatever it did, the next one is served.
    expect(await evaluate('transform', 'payload.name')).toEqual({ kind: 'value', json: '"Lee"' });
  });

  test.each([
    ['a loop without end', '($f := function($x) { $f($x + 1) }; $f(1))'],
    ['a regular expression that backtracks without end', REGEX],
    ['native code that cannot be interrupted', NATIVE],
    ['code within code', '($s := "$eval($s)"; $eval($s))'],
    ['a sort of much', '$sort([1..90000], function($a, $b) { true })'],
  ])('is stopped by its time box: %s', async (_, source) => {
    evaluator = makeEvaluator({ timeBoxMs: 100 });
    await evaluate('transform', '1');
    const began = performance.now();
    expect(await evaluate('transform', source)).toEqual({
      kind: 'unfinished',
      reason: 'it did not end within 100 ms',
    });
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(await evaluate('transform', 'payload.name')).toEqual({ kind: 'value', json: '"Lee"' });
  });

  test.each([
    '"a".constructor',
    '$sum.constructor("return process")()',
    '$lookup($, "constructor")',
    '$.__proto__',
    '$eval("process")',
    'process',
    'globalThis',
    '$require("node:fs")',
  ])('reaches nothing outside of the event: %s', async (source) => {
    evaluator = makeEvaluator();
    expect(await evaluate('transform', source)).toMatchObject({ kind: 'refused' });
  });

  it('changes nothing for the one after it', async () => {
    evaluator = makeEvaluator();
    await evaluate('transform', '$ ~> | $ | {"__proto__": {"polluted": 1}} |');
    await evaluate('transform', '($sum := function($x) { 0 }; $leak := 5)');
    expect(
      await evaluate('transform', '[$exists(polluted), $sum([1, 2]), $exists($leak)]'),
    ).toEqual({ kind: 'value', json: '[false,3,false]' });
  });
});

describe('an evaluator', () => {
  it('says where an expression cannot be parsed', async () => {
    evaluator = makeEvaluator();
    const parse = (source: string) => evaluator.evaluate({ kind: 'parse', source, input: '' });
    expect(await parse('payload.name')).toEqual({ kind: 'value', json: 'null' });
    const wrong = await parse('payload.(');
    expect(JSON.parse((wrong as { json: string }).json)).toEqual({
      message: 'Expected ")" before end of expression',
      position: 9,
    });
    expect(JSON.parse(((await parse('(('.repeat(3_000))) as { json: string }).json)).toMatchObject({
      message: /call stack/,
    });
  });

  it('finds what JSON paths name, filters and descendants too', async () => {
    evaluator = makeEvaluator();
    const source = JSON.stringify(['$..name', '$.payload.items[?@ > 1]']);
    const found = await evaluator.evaluate({ kind: 'locate', source, input: EVENT });
    expect(JSON.parse((found as { json: string }).json)).toEqual([
      ['payload', 'name'],
      ['payload', 'items', 1],
      ['payload', 'items', 2],
    ]);
  });

  test.each([
    [
      'a regular expression',
      '$[?search(@.text, "^(a+)+$")]',
      { x: { text: `${'a'.repeat(60)}!` } },
    ],
    ['many descendants', `$${'..*'.repeat(12)}`, nested(40)],
  ])('stops JSON paths by their time box: %s', async (_, path, document) => {
    evaluator = makeEvaluator({ timeBoxMs: 100 });
    const input = JSON.stringify(document);
    const job = { kind: 'locate', source: JSON.stringify([path]), input } as const;
    expect(await evaluator.evaluate(job)).toMatchObject({ kind: 'unfinished' });
  });

  it('leaves an expression alone that ran out of time three times, for a minute', async () => {
    let now = Date.parse('2026-01-17T14:32:00.000Z');
    evaluator = makeEvaluator({ timeBoxMs: 50 }, { now: () => new Date(now) });
    for (let time = 1; time <= 3; time += 1) {
      expect(await evaluate('condition', REGEX)).toMatchObject({ reason: /did not end within/ });
    }
    const began = performance.now();
    expect(await evaluate('condition', REGEX)).toEqual({
      kind: 'unfinished',
      reason:
        'it ran out of time too often and is not evaluated again before 2026-01-17T14:33:00.000Z',
    });
    expect(performance.now() - began).toBeLessThan(20);
    expect(await evaluate('condition', 'true')).toEqual({ kind: 'value', json: 'true' });

    now += 60_000;
    expect(await evaluate('condition', REGEX)).toMatchObject({ reason: /did not end within/ });
    expect(await evaluate('condition', REGEX)).toMatchObject({ reason: /14:34:00/ });
  });

  it('lets the others wait no longer than one time box for one that is slow', async () => {
    evaluator = makeEvaluator({ timeBoxMs: 100 });
    await evaluate('condition', 'true');
    const slow = Array.from({ length: 20 }, () => evaluate('condition', REGEX));
    const began = performance.now();
    expect(await evaluate('condition', 'payload.name = "Lee"')).toMatchObject({ json: 'true' });
    expect(performance.now() - began).toBeLessThan(1_000);
    await Promise.all(slow);
  });

  test.each([
    ['at work', true],
    ['still on its way up', false],
  ])('answers all that waits when it is closed, and everything after: %s', async (_, started) => {
    evaluator = makeEvaluator({ timeBoxMs: 5_000 });
    if (started) await evaluate('condition', 'true');
    const waiting = [evaluate('condition', REGEX), evaluate('condition', 'true')];
    await new Promise((resolve) => setTimeout(resolve, 20));
    const began = performance.now();
    evaluator.close();
    expect(await Promise.all(waiting)).toHaveLength(2);
    expect(performance.now() - began).toBeLessThan(2_000);
    const stopping = { kind: 'unfinished', reason: 'Newswire is stopping' };
    expect(await Promise.all(waiting)).toEqual([stopping, stopping]);
    expect(await evaluate('condition', 'true')).toEqual(stopping);
  });

  it('says so when its process cannot be started', async () => {
    evaluator = makeEvaluator({ libraries: { jsonata: '/no/such/file', jsonpath: '/none' } });
    expect(await evaluate('condition', 'true')).toEqual({
      kind: 'unfinished',
      reason: 'the process for expressions could not be started: it ended at once',
    });
  });
});

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}
