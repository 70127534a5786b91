import { describe, expect, it } from 'vitest';
import { ownerMail } from '../../../server/src/domain/owner-mail';
import type { OwnerMailFacts } from '../../../server/src/domain/owner-mail';

const facts = (change: Partial<OwnerMailFacts> = {}): OwnerMailFacts => ({
  kind: 'disabled',
  subscription: {
    id: 'sub-1',
    name: 'Contracts desk',
    url: 'https://key:password@hooks.example.com/in/secret-path?token=secret-token',
  },
  reason: 'The endpoint answered 410 Gone',
  at: new Date('2026-01-17T14:32:00.000Z'),
  failingSince: new Date('2026-01-12T08:00:00.000Z'),
  owed: 42,
  producerId: 'northlight-cms',
  panelUrl: 'https://cms.example.com/admin/plugins/newswire/subscriptions/sub-1',
  ...change,
});

describe("A mail to a subscription's owner", () => {
  it('says what happened, why, since when, what is owed, and how to resume', () => {
    const { subject, text } = ownerMail(facts());
    expect(subject).toBe('[Newswire] "Contracts desk" was disabled');
    expect(text).toContain('The endpoint answered 410 Gone');
    expect(text).toContain('2026-01-17T14:32:00.000Z');
    expect(text).toContain('Failing since: 2026-01-12T08:00:00.000Z');
    expect(text).toContain('42 deliveries');
    expect(text).toContain('https://cms.example.com/admin/plugins/newswire/subscriptions/sub-1');
    expect(text).toContain('POST /api/newswire/manage/subscriptions/sub-1/resume');
    expect(text).toContain(
      '{"subscription_id":"sub-1","missing":true,"since":"2026-01-17T14:32:00.000Z"}',
    );
  });

  it('promises of a paused one that nothing is lost, and of a recovered one that nothing needs doing', () => {
    const paused = ownerMail(facts({ kind: 'paused', owed: 1 }));
    expect(paused.subject).toMatch(/was paused$/);
    expect(paused.text).toMatch(/1 delivery\n/);
    expect(paused.text).toMatch(/Nothing is lost/);
    expect(paused.text).not.toMatch(/replays/);
    const recovered = ownerMail(facts({ kind: 'recovered', reason: null, failingSince: null }));
    expect(recovered.text).not.toMatch(/Why|Failing/);
    expect(recovered.subject).toMatch(/has recovered$/);
    expect(recovered.text).toMatch(/Nothing needs doing/);
    expect(recovered.text).not.toMatch(/resume/i);
  });

  it('has of the address the host alone: path, query and password may be secrets', () => {
    const { text } = ownerMail(facts());
    expect(text).toContain('hooks.example.com');
    expect(text).not.toMatch(/secret|password/);
    const broken = facts({ subscription: { id: 'sub-1', name: 'Desk', url: 'not a secret url' } });
    expect(ownerMail(broken).text).not.toContain('secret');
  });

  it('lets no name or reason begin a line of its own', () => {
    const hostile = 'Desk\r\nBcc: all@example.com\u2028\u0000\u202Eend';
    const { subject, text } = ownerMail(
      facts({ reason: hostile, subscription: { id: 'sub-1', name: hostile, url: 'https://a.b' } }),
    );
    expect(subject).toBe('[Newswire] "Desk Bcc: all@example.com end" was disabled');
    expect(text.split('\n').filter((line) => line.startsWith('Bcc'))).toEqual([]);
    expect(text).not.toMatch(/\r|\p{Zl}|\p{Cf}/u);
  });

  it('does without the address of the panel where it is not known', () => {
    expect(ownerMail(facts({ panelUrl: null })).text).toContain('Resume it in the admin panel,\n');
  });
});
