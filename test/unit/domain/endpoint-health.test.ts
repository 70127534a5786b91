import { describe, expect, it } from 'vitest';
import { judgeHealth, signOf } from '../../../server/src/domain/endpoint-health';
import type { EndpointHealth, Sign } from '../../../server/src/domain/endpoint-health';
import { INTERRUPTED, judgeAnswer, judgeFailure } from '../../../server/src/domain/outcome';
import { seconds } from '../../../server/src/domain/retry';

const NOW = new Date('2026-03-01T12:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);
const DAY = 86_400_000;
const breaker = {
  failures: 20,
  failingMs: seconds(30),
  firstProbeMs: seconds(30),
  maxProbeMs: seconds(600),
};
const WELL: EndpointHealth = { failures: 0, failingSince: null, open: false, probesFailed: 0 };
const failing = (failures: number, sinceMs: number): EndpointHealth => ({
  ...WELL,
  failures,
  failingSince: ago(sinceMs),
});
const judge = (before: EndpointHealth, signs: Sign[], probe = false) =>
  judgeHealth(before, { results: signs.map((sign) => ({ sign, probe })), now: NOW, breaker });

describe('The sign of an outcome', () => {
  const answer = (status: number) => signOf(judgeAnswer({ status, headers: {}, now: NOW }));
  const failure = (code: string) => signOf(judgeFailure({ code, endpoint: 'hooks.example.com' }));

  it.each([
    [204, 'up'],
    [404, 'refused'],
    [301, 'refused'],
    [410, 'refused'],
    [500, 'down'],
    [429, 'down'],
    [408, 'down'],
  ] as const)('of an answer %d is %s', (status, sign) => {
    expect(answer(status)).toBe(sign);
  });

  it.each([
    ['ECONNREFUSED', 'down'],
    ['timed_out', 'down'],
    ['blocked_by_network_policy', 'refused'],
    [INTERRUPTED, 'none'],
    ['secret_unreadable', 'none'],
    ['internal_error', 'none'],
  ] as const)('of a failure %s is %s', (code, sign) => {
    expect(failure(code)).toBe(sign);
  });
});

describe('The health of an endpoint', () => {
  it('counts failures from the last success on', () => {
    expect(judge(failing(7, DAY), ['down', 'up', 'down', 'refused']).health).toMatchObject({
      failures: 2,
      failingSince: NOW,
    });
    expect(judge(failing(7, DAY), ['down', 'down']).health).toMatchObject({
      failures: 9,
      failingSince: ago(DAY),
    });
    expect(judge(failing(7, DAY), ['down', 'up']).health).toEqual(WELL);
  });

  it('does not change by what was no fault of the endpoint', () => {
    const before = failing(99, 6 * DAY);
    expect(judge(before, ['none', 'none'])).toEqual({
      health: before,
      step: { kind: 'unchanged' },
    });
  });

  it('opens the circuit breaker after enough failures over long enough, and not before', () => {
    expect(judge(failing(19, 60_000), ['down']).step).toMatchObject({
      kind: 'open',
      probeAt: new Date(NOW.getTime() + 30_000),
    });
    expect(judge(failing(18, 60_000), ['down']).step.kind).toBe('counted');
    expect(judge(failing(500, 29_000), ['down']).step.kind).toBe('counted');
  });

  it('leaves the circuit breaker closed for an endpoint that answers, be it with refusals', () => {
    expect(judge(failing(500, DAY), ['refused']).step.kind).toBe('counted');
  });

  it('waits twice as long after each probe that fails, up to a limit', () => {
    const waits = [0, 1, 2, 3, 4, 5, 2_000].map((probesFailed) => {
      const { step } = judge({ ...failing(30, 60_000), open: true, probesFailed }, ['down'], true);
      return step.kind === 'probe-failed' ? (step.probeAt.getTime() - NOW.getTime()) / 1_000 : null;
    });
    expect(waits).toEqual([60, 120, 240, 480, 600, 600, 600]);
  });

  it('puts no probe off for results of requests that were under way when the breaker opened', () => {
    const open = { ...failing(30, 60_000), open: true };
    expect(judge(open, ['down', 'down']).step.kind).toBe('counted');
  });

  it.each([
    [['up'], true],
    [['up'], false],
    [['refused'], true],
  ] as const)('closes the breaker by %j (probe: %s)', (signs, probe) => {
    const open = { ...failing(30, 60_000), open: true, probesFailed: 3 };
    const { health, step } = judge(open, [...signs], probe);
    expect(step.kind).toBe('close');
    expect(health).toMatchObject({ open: false, probesFailed: 0 });
  });

  it.each([
    [99, 5 * DAY, 'disable'],
    [98, 30 * DAY, 'counted'],
    [5_000, 5 * DAY - 1, 'counted'],
    [5_000, 5 * DAY, 'disable'],
  ] as const)('after %d failures in %d ms and one refusal more is: %s', (failures, ms, kind) => {
    expect(judge(failing(failures, ms), ['refused']).step.kind).toBe(kind);
  });

  it('disables also while the breaker is open, and says why', () => {
    const open = { ...failing(150, 6 * DAY), open: true };
    expect(judge(open, ['down'], true).step).toEqual({
      kind: 'disable',
      reason: '151 attempts have failed one after the other, and none has succeeded for 6 days',
    });
  });
});
