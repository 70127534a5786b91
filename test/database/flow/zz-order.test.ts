import { expect, it } from 'vitest';
import { retryTransient } from '../../../server/src/flow/retry-transient';
import { describeOnEachDatabase } from '../../support/databases';
import { claim, settle, settlementOf } from '../factory/claims';
import { addEvents, addSubscription } from '../factory/facts';
import { useLog } from '../factory/log';
import { makeProcess } from '../factory/process';
import { storedDeliveries } from '../factory/rows';

describeOnEachDatabase('order', (dialect) => {
  const log = useLog(dialect);
  it('race', async () => {
    await addSubscription(log.db, { delivery: { order: 'per_subject' } });
    const [a, b, c, d] = log.processes(4);
    let adding = true; let violations: string[] = []; let claims = 0, deadlocks = 0;
    const known = new Map<number, string>();
    const busy = new Map<string, number>();
    const adder = (async () => {
      const p = makeProcess(a!);
      for (let i = 0; i < 150; i++) {
        await addEvents(a!, Array.from({ length: 20 }, (_, n) => ({ subject: `s${i}-${n % 5}` })));
        await p.sequence();
      }
      adding = false;
    })();
    const worker = async (db: typeof a) => {
      let idle = 0;
      while (adding || idle < 3) {
        let got;
        try { got = await claim(db!, { limit: 50 }); } catch (e) { deadlocks++; continue; }
        claims += got.length; idle = got.length ? 0 : idle + 1;
        for (const x of got) {
          const r = await db!('newswire_deliveries').where({ id: x.id }).first('order_key');
          const key = r.order_key as string;
          if (busy.has(key)) violations.push(`${key}: ${busy.get(key)} and ${x.id}`);
          busy.set(key, x.id); known.set(x.id, key);
        }
        for (const x of got) busy.delete(known.get(x.id)!);
        await retryTransient(() => settle(db!, got.map((x) => settlementOf(x))));
      }
    };
    await Promise.all([adder, worker(b), worker(c), worker(d)]);
    console.log(dialect, { claims, deadlocks, violations: violations.length, v: violations.slice(0, 3) });
    const ex = dialect === 'mysql' ? await log.db.raw(`explain extended select d.* from newswire_deliveries d where d.status='waiting' and d.due_at <= 99999999999999 and d.subscription_id in (select id from newswire_subscriptions where state in ('active','sandbox') and (held_until is null or held_until <= 1)) and (d.order_key is null or not exists (select 1 from newswire_deliveries older where older.settled=false and older.subscription_id=d.subscription_id and older.order_key=d.order_key and older.id<d.id)) order by d.due_at, d.id limit 50 for update skip locked`) : null;
    if (ex) console.table(ex[0]);
  });
}, ['mysql', 'postgres']);
