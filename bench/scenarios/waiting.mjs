/** Readers that wait: what a thousand of them cost while nothing happens, and how soon they hear of what does. */
import { median, percentile } from '../run/statistics.mjs';
import { Missed, ms, Reached, table } from '../run/report.mjs';
import { measureFeeds, openFeeds, readPage, TITLES } from './feed.mjs';

const READERS = 1_000;
/** They are all there. */
const SETTLE_MS = 3_000;
const IDLE_MS = 8_000;
/** What the one look a second for all of them may come to, beyond what the process does without them. */
const MOST_STATEMENTS = 100;
const MOST_BYTES = 50 * 1_048_576;

const EVENTS = 60;
const EVERY_MS = 50;
const P50_MS = 20;

const WAYS = { poll: 'long poll', stream: 'stream' };

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function prepare(context, dialect) {
  const feeds = await openFeeds(context, dialect, { feeds: { all: ['slate.saved'] } });
  const addressOf = async (how) => {
    const { meta } = await readPage(feeds, feeds.addressOf('all', 'events?limit=1000'));
    const path = how === 'stream' ? 'stream?' : 'events?wait=30&';
    return feeds.addressOf('all', `${path}since=${meta.cursor}`);
  };
  const held = (how) => async () => {
    const url = await addressOf(how);
    const counted = async () => {
      const before = await feeds.strapi.call('statements');
      await pause(IDLE_MS);
      return (await feeds.strapi.call('statements')) - before;
    };
    const alone = await counted();
    const before = await feeds.strapi.call('memory');
    await feeds.reader.call('hold', { url, headers: feeds.headers, count: READERS });
    await pause(SETTLE_MS);
    const result = {
      statements: (await counted()) - alone,
      bytes: (await feeds.strapi.call('memory')) - before,
    };
    await feeds.reader.call('letGo');
    await pause(SETTLE_MS);
    return result;
  };
  const heard = (how) => async () => {
    const ids = await feeds.strapi.call('create', { count: EVENTS });
    await pause(1_000);
    const url = await addressOf(how);
    const arrivals = feeds.reader.call('arrivals', {
      ...{ how, url, headers: feeds.headers, count: EVENTS },
      withinMs: EVENTS * EVERY_MS + 10_000,
    });
    await pause(500);
    const commits = await feeds.strapi.call('updateSlowly', { ids, everyMs: EVERY_MS });
    const came = await arrivals;
    const latencies = ids.map((id) => came[id] - commits[id]);
    if (latencies.some(Number.isNaN)) throw new Error('An event has not arrived');
    return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
  };
  const each = (what, measure) =>
    Object.keys(WAYS).map((how) => ({
      name: `${TITLES[dialect]}, ${WAYS[how]}, ${what}`,
      measure: measure(how),
    }));
  return { contestants: [...each('heard', heard), ...each('idle', held)], stop: feeds.stop };
}

export const waiting = {
  title: 'Readers that wait',
  needsStrapi: true,

  async run(context) {
    const describe = (result) =>
      'p50' in result
        ? `p50 ${ms(result.p50)} ms, p99 ${ms(result.p99)} ms`
        : `${result.statements} statements, ${megabytes(result.bytes)} MB`;
    return report(await measureFeeds(context, { prepare, describe }));
  },
};

function report(measured) {
  const rows = [];
  const targets = [];
  const check = (what, wanted, found, reached) =>
    targets.push({ what, wanted, found, verdict: reached ? Reached : Missed });
  for (const [name, { results, disturbed }] of measured) {
    const of = (key) => results.map((result) => result[key]);
    if (name.endsWith('heard')) {
      const p50 = median(of('p50'));
      rows.push([name, `p50 ${ms(p50)} ms`, `p99 ${ms(median(of('p99')))} ms`, disturbed]);
      check(`${name}, p50`, `under ${P50_MS} ms`, `${ms(p50)} ms`, p50 < P50_MS);
      continue;
    }
    const [statements, bytes] = [median(of('statements')), median(of('bytes'))];
    rows.push([name, `${statements} statements`, `${megabytes(bytes)} MB`, disturbed]);
    check(
      `${name}, statements`,
      `under ${MOST_STATEMENTS}`,
      String(statements),
      statements < MOST_STATEMENTS,
    );
    check(
      `${name}, memory`,
      `under ${megabytes(MOST_BYTES)} MB`,
      `${megabytes(bytes)} MB`,
      bytes < MOST_BYTES,
    );
  }
  return {
    intro: [
      `Heard: ${EVENTS} updates through Strapi's document service, one every ${EVERY_MS} ms; milliseconds from the commit until one reader has it.`,
      `Idle: ${READERS} readers over ${IDLE_MS / 1_000} s in which nothing happens: statements to the database beyond those that the process makes without them, and what the process has grown by.`,
    ].join(' '),
    table: table(['what', '', '', 'disturbed rounds'], rows),
    targets,
  };
}

function megabytes(bytes) {
  return Math.round(bytes / 1_048_576);
}
