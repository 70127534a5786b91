import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../support/databases';
import { waitFor } from '../support/wait-for';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';

describeOnEachDatabase(
  'An outage',
  (dialect) => {
    let newsroom: Newsroom;

    beforeAll(async () => {
      newsroom = await openNewsroom(dialect);
    });
    afterAll(() => newsroom?.close());

    it('of the process between commit and delivery loses nothing', async () => {
      const { receiver } = newsroom;
      receiver.answer({ hang: true });
      expect(await newsroom.editors.create()).toMatchObject({ confirmed: true });
      const [begun] = await receiver.received(1);
      await newsroom.kill();
      expect(await newsroom.contentEqualsEvents()).toMatchObject({
        deliveries: [{ status: 'sending', attempts: 0 }],
      });
      await expect(newsroom.ledger('after a kill')).rejects.toThrow(
        '1 deliveries are still sending',
      );

      // One that only writes: it leaves a committed event that has not even got its number.
      await newsroom.running({ role: 'producer' });
      expect(await newsroom.editors.create()).toMatchObject({ confirmed: true });
      await newsroom.kill();
      const { content, events, deliveries } = await newsroom.contentEqualsEvents();
      expect([content.size, deliveries.length]).toEqual([2, 1]);
      expect(events.map(({ number }) => number)).toEqual([1, null]);
      await expect(newsroom.ledger('after a kill')).rejects.toThrow('1 events have no number yet');

      receiver.answer(204);
      await newsroom.running();
      const requests = await receiver.received(3);
      await allDelivered(newsroom);
      const again = requests.slice(1).find(({ headers }) => sameKey(headers, begun!.headers));
      expect(again?.headers['x-delivery-attempt']).toBe('1');
      expect(again?.body).toEqual(begun?.body);

      await expect(newsroom.ledger('still running')).rejects.toThrow('1 processes still run');
      expect(await newsroom.stop()).toBe(0);
      await newsroom.ledger('killed between commit and delivery');
    });

    it('of the receiver is waited out, on schedule', async () => {
      const { receiver } = newsroom;
      await newsroom.running();
      await receiver.down();
      const before = receiver.requests.length;
      expect(await newsroom.editors.create()).toMatchObject({ confirmed: true });
      const [waiting] = await waitFor(async () => {
        const deliveries = await newsroom.deliveries('&status=waiting');
        return deliveries[0] && deliveries[0].attempts >= 2 && deliveries;
      });
      expect(waiting).toMatchObject({ reason: `Connection refused by 127.0.0.1:${receiver.port}` });
      expect(Date.parse(waiting!.next_attempt_at!)).toBeGreaterThan(
        Date.parse(waiting!.created_at),
      );
      await receiver.up();
      await receiver.received(before + 1);
      await allDelivered(newsroom);

      const { status, attempts, attempt_log: log } = await newsroom.delivery(waiting!.id);
      expect(status).toBe('delivered');
      expect(attempts).toBe(log.length);
      expect(log.slice(0, -1).every(({ error_code: code }) => code === 'ECONNREFUSED')).toBe(true);
      expect(log.at(-1)).toMatchObject({ outcome: 'delivered', status_code: 204 });
      for (const [index, { started_at: at }] of log.entries()) {
        const previous = log[index - 1];
        if (!previous) continue;
        const waited = Date.parse(at) - Date.parse(previous.started_at);
        // A second and up to a fifth of it, and what a busy machine takes on top.
        expect(waited).toBeGreaterThanOrEqual(1_000);
        expect(waited).toBeLessThan(2_500);
      }
      await newsroom.stop();
      await newsroom.ledger('receiver down');
    });

    it('that is announced by SIGTERM lets a slow request end, and records it', async () => {
      const { receiver } = newsroom;
      const app = await newsroom.running();
      const before = receiver.requests.length;
      receiver.answer({ status: 204, delay: 1_500 });
      expect(await newsroom.editors.create()).toMatchObject({ confirmed: true });
      const requests = await receiver.received(before + 1);

      expect(await newsroom.stop(), app.output()).toBe(0);

      expect(receiver.requests).toHaveLength(before + 1);
      const { deliveries } = await newsroom.ledger('stopped in the middle of a request');
      const key = requests.at(-1)?.headers['x-idempotency-key'];
      expect(deliveries.find(({ eventIds }) => eventIds[0] === key)).toMatchObject({
        status: 'delivered',
        attempts: 1,
      });
    });
  },
  ['sqlite', 'postgres'],
);

const sameKey = (one: Record<string, string>, other: Record<string, string>) =>
  one['x-idempotency-key'] === other['x-idempotency-key'];
