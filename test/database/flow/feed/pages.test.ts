import { expect, it } from 'vitest';
import { compileFeedRule } from '../../../../server/src/domain/feed-rule';
import type { FeedRule } from '../../../../server/src/domain/feed-rule';
import { matchesAnyType, matchesType } from '../../../../server/src/domain/matching';
import { compilePartnerRule } from '../../../../server/src/domain/partner-rule';
import { releaseBatch } from '../../../../server/src/flow/sequence';
import { answerApproval } from '../../../../server/src/store/approve-event';
import { insertEvents } from '../../../../server/src/store/insert-events';
import { TABLES } from '../../../../server/src/store/tables';
import { describeOnEachDatabase } from '../../../support/databases';
import {
  randomEvents,
  randomScopeFilter,
  TYPES,
  type Given,
} from '../../../strapi/visibility/newsdesk';
import { isVisible, type Rights, type Wants } from '../../../strapi/visibility/reference';
import { addEvents } from '../../factory/facts';
import { makeFeedSide, type FeedSide } from '../../factory/feeds';
import { inTransaction, useLog } from '../../factory/log';
import { makeProcess } from '../../factory/process';
import { seededRandom, type Random } from '../../factory/random';

const ROUNDS = 4;
const STEPS = 40;
const READERS = 4;

interface Reader {
  rights: Rights;
  wants: Wants;
  /** Types that it narrows the feed to. */
  types: string[] | null;
  rule: FeedRule;
  position: number;
  seen: number[];
}

describeOnEachDatabase('Pages of a feed', (dialect) => {
  const log = useLog(dialect);

  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    'show what a plain filter shows, once and in order, however far the index is (round %i)',
    async (round) => {
      const random = seededRandom(round);
      const sides = log.processes(2).map((db) => makeFeedSide(db, { kept: 5 + random.below(40) }));
      const { sequence, sequencerPorts } = makeProcess(log.db);
      const events: Given[] = [];
      const readers = Array.from({ length: READERS }, () => randomReader(random));
      const side = () => sides[random.below(sides.length)] as FeedSide;

      const steps: (() => Promise<unknown>)[] = [
        async () => {
          const made = randomEvents(random, 1 + random.below(30));
          const rows = made.map(({ row }) => row);
          await inTransaction(log.db, (trx) => insertEvents(trx, rows));
          events.push(...made.map(({ given }) => given));
        },
        () => sequence(1 + random.below(20)),
        async () => {
          const held = events.filter(({ approved }) => approved === false);
          const one = held[random.below(held.length)];
          if (!one) return;
          // Before it has its number, too.
          one.approved = await inTransaction(log.db, (trx) =>
            answerApproval(trx, one.id, 'approved'),
          );
        },
        () => releaseBatch(sequencerPorts, 1 + random.below(5)),
        async () => {
          const reader = readers[random.below(READERS)] as Reader;
          const { indexer, views, end } = side();
          const { head } = await end.current();
          await indexer.catchUp(await views.use(reader.rule), random.below(head + 1), 1_000);
        },
        () => poll(readers[random.below(READERS)] as Reader, side(), random),
        () => poll(readers[random.below(READERS)] as Reader, side(), random),
      ];
      for (let step = 0; step < STEPS; step += 1) await steps[random.below(steps.length)]?.();
      await sequence();
      while ((await releaseBatch(sequencerPorts, 100)).events > 0);
      for (const reader of readers) while (await poll(reader, side(), random));

      const order = await inOrder();
      for (const reader of readers) {
        const visible = order.flatMap(({ number, id }) => {
          const given = events.find((event) => event.id === id);
          const seen = given && isVisible(given, reader.rights, reader.wants);
          return seen && (reader.types?.includes(given.type) ?? true) ? [number] : [];
        });
        expect(reader.seen).toEqual(visible);
        const backwards: number[] = [];
        for (let upTo: number | null = null; ;) {
          const wants = reader.types ? { wants: matchesAnyType(reader.types) } : {};
          const limit = 1 + random.below(20);
          const page: Awaited<ReturnType<FeedSide['before']>> = await side().before(reader.rule, {
            upTo,
            limit,
            ...wants,
          });
          backwards.push(...page.numbers);
          if (!page.hasMore) break;
          upTo = page.reached;
        }
        expect(backwards).toEqual([...visible].reverse());
      }
    },
  );

  it('end early where there is much to be looked at and little to be shown, and go on from there', async () => {
    const side = makeFeedSide(log.db);
    const rare = (n: number) => (n % 900 === 0 ? 'desk.rare' : 'desk.common');
    await addEvents(
      log.db,
      Array.from({ length: 4_500 }, (_, n) => ({ type: rare(n + 1) })),
    );
    await makeProcess(log.db).sequence();
    const wants = matchesAnyType(['desk.rare']);
    const everything: FeedRule = { digest: 'everything', condition: null, shows: () => true };
    const own: FeedRule = {
      ...{ digest: 'rare', condition: null },
      shows: ({ eventType }) => wants(eventType),
    };
    const readAll = async (rule: FeedRule, input: { wants?: typeof wants }) => {
      const pages = [await side.after(rule, { position: 0, limit: 100, ...input })];
      while (pages.at(-1)?.hasMore) {
        const position = pages.at(-1)?.reached ?? 0;
        pages.push(await side.after(rule, { position, limit: 100, ...input }));
      }
      const back = [await side.before(rule, { upTo: 4_500, limit: 100, ...input })];
      while (back.at(-1)?.hasMore) {
        back.push(
          await side.before(rule, { upTo: back.at(-1)?.reached ?? 0, limit: 100, ...input }),
        );
      }
      return {
        pages: pages.length,
        forwards: pages.flatMap(({ numbers }) => numbers),
        backwards: back.flatMap(({ numbers }) => numbers).reverse(),
      };
    };
    const numbers = [900, 1_800, 2_700, 3_600, 4_500];
    const expected = { pages: 3, forwards: numbers, backwards: numbers };
    // In the log itself, in the index of what is rare, and in the index of everything.
    expect(await readAll(own, {})).toEqual(expected);
    await side.indexer.catchUp(await side.views.use(own), 4_500, 20_000);
    expect(await readAll(own, {})).toEqual({ ...expected, pages: 1 });
    await side.indexer.catchUp(await side.views.use(everything), 4_500, 20_000);
    expect(await readAll(everything, { wants })).toEqual(expected);
  });

  async function inOrder(): Promise<{ number: number; id: string }[]> {
    const rows: { release_number: unknown; event_id: string }[] = await log
      .db(TABLES.events)
      .whereNotNull('release_number')
      .orderBy('release_number')
      .select('release_number', 'event_id');
    return rows.map((row) => ({ number: Number(row.release_number), id: row.event_id }));
  }
});

/** One page; answers whether there is more. */
async function poll(reader: Reader, side: FeedSide, random: Random): Promise<boolean> {
  const limit = 1 + random.below(20);
  const page = await side.after(reader.rule, {
    position: reader.position,
    limit,
    ...(reader.types ? { wants: matchesAnyType(reader.types) } : {}),
  });
  expect(page.numbers.length).toBeLessThanOrEqual(limit);
  reader.seen.push(...page.numbers);
  reader.position = page.reached;
  return page.hasMore;
}

function randomReader(random: Random): Reader {
  const clearance = (['public', 'partner', 'internal'] as const)[random.below(3)] ?? 'public';
  const rights: Rights = { clearance, ...randomScopeFilter(random) };
  const chosen = () => Object.keys(TYPES).filter(() => random.below(2) === 0);
  const wanted = chosen();
  const wants: Wants = {
    event_types: wanted.length === 0 ? ['*'] : wanted,
    scope: randomScopeFilter(random),
    locales: random.below(2) === 0 ? [] : ['en'],
  };
  const catalogue = {
    definition: (type: string) => {
      const known = TYPES[type];
      return known && { audience: known.audience, personal: [] };
    },
    covered: (pattern: string) => Object.keys(TYPES).filter((type) => matchesType(pattern, type)),
  };
  const rule = compilePartnerRule(
    { id: 'fjord', rights, pseudonymKey: Buffer.alloc(32) },
    catalogue.definition,
  );
  const filter = {
    ...{ subject_types: [], locales: wants.locales, changed: [], scope: wants.scope },
    condition: null,
  };
  return {
    ...{ rights, wants },
    types: random.below(3) === 0 ? chosen() : null,
    rule: compileFeedRule({ event_types: wants.event_types, filter }, { rights, rule }, catalogue),
    position: 0,
    seen: [],
  };
}
