import { beforeEach, expect, it } from 'vitest';
import { OwnerMail } from '../../../server/src/services/owner-mail';
import type { Mail, SendMail } from '../../../server/src/services/strapi-mailer';
import { deleteSubscription } from '../../../server/src/store/subscriptions';
import { TABLES } from '../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../support/databases';
import { startReceiver } from '../../support/receiver';
import { waitFor } from '../../support/wait-for';
import { addEventsCounted, addSubscription } from '../factory/facts';
import { inTransaction, newId, useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { handClock, type HandClock } from '../factory/replays';

const MINUTE = 60_000;

describeOnEachDatabase('Telling the owner of a subscription', (dialect) => {
  const log = useLog(dialect);
  let clock: HandClock;
  let sent: Mail[];
  let lines: { level: string; message: string; details: object }[];
  let send: SendMail | null;
  let id: string;

  beforeEach(async () => {
    clock = handClock();
    sent = [];
    lines = [];
    send = (mail) => {
      sent.push(mail);
      return Promise.resolve();
    };
    id = await addSubscription(log.db, { owner_email: 'owner@example.com' });
  });

  const write =
    (level: string) =>
    (message: string, details: object = {}) =>
      void lines.push({ level, message, details });
  const ownerMail = (change: { enabled?: boolean; db?: typeof log.db } = {}) =>
    new OwnerMail({
      db: () => change.db ?? log.db,
      mailer: () => send,
      settings: { enabled: change.enabled ?? true, minutesBetween: 60 },
      producerId: 'test',
      panelUrl: () => null,
      newId,
      clock,
      log: { info: write('info'), warn: write('warn'), error: write('error') },
    });
  const notice = (kind: 'disabled' | 'paused' | 'recovered' = 'paused', subscriptionId = id) => ({
    kind,
    subscriptionId,
    reason: 'Ten failures in a row',
    since: null,
  });
  const tell = async (...notices: ReturnType<typeof notice>[]) => {
    const mail = ownerMail();
    for (const one of notices) mail.tell(one);
    await mail.stop();
  };

  it('sends one mail, with what is owed', async () => {
    await addEventsCounted(log.db, 3);
    await makeProcess(log.db).sequence();
    await tell(notice());
    expect(sent).toMatchObject([
      { to: 'owner@example.com', subject: '[Newswire] "Contracts desk" was paused' },
    ]);
    expect(sent[0]?.text).toContain('3 deliveries');
  });

  it('sends no second mail of the same kind within the hour, also from other processes', async () => {
    const processes = log.processes(3).map((db) => ownerMail({ db }));
    for (const mail of processes) {
      mail.tell(notice());
      mail.tell(notice());
    }
    await Promise.all(processes.map((mail) => mail.stop()));
    expect(sent).toHaveLength(1);
    clock.move(60 * MINUTE - 1);
    await tell(notice());
    expect(sent).toHaveLength(1);
    await tell(notice('recovered'), notice('disabled'));
    expect(sent).toHaveLength(3);
    clock.move(1);
    await tell(notice());
    expect(sent).toHaveLength(4);
  });

  it('sends nothing where there is no owner, no such subscription, or nothing configured', async () => {
    const ownerless = await addSubscription(log.db);
    await tell(notice('paused', ownerless), notice('paused', 'nobody'));
    await inTransaction(log.db, (trx) => deleteSubscription(trx, ownerless));
    send = null;
    await tell(notice());
    expect(sent).toEqual([]);
    expect(lines.map(({ message }) => message)).toEqual([
      "An owner was not told: Strapi's e-mail plugin is not configured",
    ]);
    const silent = ownerMail({ enabled: false });
    silent.tell(notice());
    await silent.stop();
    expect(lines).toHaveLength(1);
    expect(await log.db(TABLES.ownerMails)).toEqual([]);
  });

  it('logs a failure, without the mail, and lets nobody else see it', async () => {
    send = (mail) => Promise.reject(new Error(`550 no such user\nmessage: ${mail.text}`));
    await tell(notice());
    expect(lines).toMatchObject([
      { level: 'warn', message: 'An owner could not be told', details: { kind: 'paused' } },
    ]);
    expect(JSON.stringify(lines)).toContain('550 no such user');
    expect(JSON.stringify(lines)).not.toMatch(/owner@example|Ten failures/);
  });

  it('returns at once, and piles up no mails for a server that does not answer', async () => {
    const stuck: (() => void)[] = [];
    send = () => new Promise((resolve) => stuck.push(resolve));
    const mail = ownerMail();
    const others = await Promise.all(
      Array.from({ length: 60 }, () => addSubscription(log.db, { owner_email: 'o@example.com' })),
    );
    const began = Date.now();
    for (const other of others) mail.tell(notice('paused', other));
    expect(Date.now() - began).toBeLessThan(500);
    const dropped = lines.filter(({ message }) => message.includes('too many mails'));
    expect(dropped).toHaveLength(10);
    await waitFor(() => stuck.length === 50, 10_000, 'fifty mails under way');
    for (const release of stuck) release();
    await mail.stop();
  });

  it('is asked for after a 410 was written, and not before', async () => {
    const receiver = await startReceiver(410);
    await log.db(TABLES.subscriptions).where({ id }).delete();
    const gone = await addSubscription(log.db, { url: receiver.url() });
    await addEventsCounted(log.db, 1);
    const process = makeProcess(log.db);
    await process.sequence();
    let statesSeen: string[] = [];
    process.deliverPorts.tellOwner = (told) => {
      process.notices.push(told);
      statesSeen = [...statesSeen, process.transactions.inside() ? 'inside' : 'outside'];
    };
    await process.start();
    await waitFor(() => process.notices.length > 0, 10_000, 'a notice');
    await process.stop();
    await receiver.close();
    expect(process.notices).toMatchObject([
      { kind: 'disabled', subscriptionId: gone, reason: expect.stringContaining('410') as string },
    ]);
    expect(statesSeen).toEqual(['outside']);
  });
});
