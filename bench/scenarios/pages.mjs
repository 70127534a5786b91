/** What a page of a feed costs: at its beginning and a million events later, unchanged, and beside Strapi's own find. */
import { median } from '../run/statistics.mjs';
import { Missed, rate, ratio, Reached, table } from '../run/report.mjs';
import { DIALECTS, measureFeeds, openFeeds, readPage, TITLES } from './feed.mjs';

const EVENTS = 1_000_000;
/** Of so many events one is of the type that the narrow feed shows. */
const RARE_EVERY = 1_000;
const PAGE = 100;
const PAGES = 40;
const CLIENTS = 8;
const MILLISECONDS = 1_500;

/** A page a million events later may cost so much of one at the beginning. */
const MOST_LATER = 1.5;
const PAGES_PER_SECOND = 300;
const UNCHANGED_FASTER = 5;

const INDEXED_WITHIN_MS = 600_000;

async function prepare(context, dialect) {
  const feeds = await openFeeds(context, dialect, {
    fill: { rows: EVENTS, rareEvery: RARE_EVERY },
    feeds: { wide: ['slate.*'], narrow: ['slate.published'] },
  });
  const startedAt = Date.now();
  const [near, far] = [
    await cursors(feeds, 'wide', 0),
    await cursors(feeds, 'wide', EVENTS - 6_000),
  ];
  const narrow = await walk(feeds, 'narrow', PAGE);
  context.say(
    `${TITLES[dialect]}: walked through after ${Math.round((Date.now() - startedAt) / 1_000)} s`,
  );
  const pageUrls = (slug, list) =>
    list.map((since) => feeds.addressOf(slug, `events?limit=${PAGE}${since}`));
  const wide = pageUrls('wide', near);
  const tag = (await readPage(feeds, wide[0])).headers.etag;
  await feeds.strapi.call('create', { count: PAGE, text: 500 });
  const name = (what) => `${TITLES[dialect]}, ${what}`;
  const times = (urls) => async () =>
    median(await feeds.reader.call('times', { urls, headers: feeds.headers }));
  const persecond = (url, headers, status) => () =>
    feeds.reader.call('repeat', {
      url,
      headers,
      clients: CLIENTS,
      milliseconds: MILLISECONDS,
      status,
    });
  return {
    contestants: [
      { name: name('page at the beginning, ms'), measure: times(wide) },
      { name: name('page a million events later, ms'), measure: times(pageUrls('wide', far)) },
      {
        name: name('narrow feed, first pages, ms'),
        measure: times(pageUrls('narrow', narrow.slice(0, 4))),
      },
      {
        name: name('narrow feed, last pages, ms'),
        measure: times(pageUrls('narrow', narrow.slice(-5, -1))),
      },
      { name: name('pages a second'), measure: persecond(wide[0], feeds.headers, 200) },
      // A page for which types are asked for is not kept.
      {
        name: name('pages rendered a second'),
        measure: persecond(`${wide[0]}&types=*`, feeds.headers, 200),
      },
      {
        name: name('unchanged pages a second'),
        measure: persecond(wide[0], { ...feeds.headers, 'if-none-match': tag }, 304),
      },
      {
        name: name('find of Strapi a second'),
        measure: persecond(
          `${feeds.url}/api/slates?pagination[pageSize]=${PAGE}&status=draft`,
          { authorization: `Bearer ${feeds.token}` },
          200,
        ),
      },
    ],
    stop: feeds.stop,
  };
}

/** What continues after each of so many pages that begin behind a position. */
async function cursors(feeds, slug, after) {
  const far = after === 0 ? '' : (await walk(feeds, slug, 1_000, after)).at(-1);
  const list = [far];
  while (list.length < PAGES) {
    const { meta } = await readPage(
      feeds,
      feeds.addressOf(slug, `events?limit=${PAGE}${list.at(-1)}`),
    );
    list.push(`&since=${meta.cursor}`);
  }
  return list;
}

/** Reads a feed to its end, or until so many events were read; waits for pages that are prepared only now. */
async function walk(feeds, slug, limit, most = Number.POSITIVE_INFINITY) {
  const list = [''];
  const until = Date.now() + INDEXED_WITHIN_MS;
  for (let read = 0; read < most;) {
    const { data, meta } = await readPage(
      feeds,
      feeds.addressOf(slug, `events?limit=${limit}${list.at(-1)}`),
    );
    if (Date.now() > until) throw new Error(`The feed "${slug}" is not prepared in time`);
    read += data.length;
    if (data.length > 0 && data.length < limit && meta.has_more) {
      // Not prepared to the end yet: the same page will be whole later.
      await new Promise((resolve) => setTimeout(resolve, 250));
      read -= data.length;
      continue;
    }
    list.push(`&since=${meta.cursor}`);
    if (!meta.has_more) break;
  }
  return list;
}

export const pages = {
  title: 'Pages of a feed',
  needsStrapi: true,

  async run(context) {
    const describe = (result) => result.toFixed(2);
    return report(await measureFeeds(context, { prepare, describe }));
  },
};

function report(measured) {
  const of = (dialect, what) => median(measured.get(`${TITLES[dialect]}, ${what}`).results);
  const target = (what, wanted, value, found, isReached) => ({
    what,
    wanted,
    found,
    verdict: isReached(value) ? Reached : Missed,
  });
  return {
    intro: [
      `Pages of ${PAGE} events of 1 KB over HTTP, from a log of ${rate(EVENTS)} events, to a partner with a token; the narrow feed shows one event in ${rate(RARE_EVERY)}.`,
      `By the second: ${CLIENTS} clients, ${MILLISECONDS / 1_000} s a turn. Pages that are asked for again are kept; what is rendered is not. Strapi's own find answers ${PAGE} documents of the same content type.`,
    ].join(' '),
    table: table(
      ['what', 'median', 'min', 'max', 'disturbed rounds'],
      [...measured].map(([name, { results, disturbed }]) => [
        name,
        ...[median(results), Math.min(...results), Math.max(...results)].map((value) =>
          value < 100 ? value.toFixed(2) : rate(value),
        ),
        disturbed,
      ]),
    ),
    targets: DIALECTS.flatMap((dialect) => {
      const later =
        of(dialect, 'page a million events later, ms') / of(dialect, 'page at the beginning, ms');
      const narrow =
        of(dialect, 'narrow feed, last pages, ms') / of(dialect, 'narrow feed, first pages, ms');
      const whole = of(dialect, 'pages a second');
      const faster =
        of(dialect, 'unchanged pages a second') / of(dialect, 'pages rendered a second');
      const title = TITLES[dialect];
      return [
        target(
          `${title}, a million events later`,
          `at most ${ratio(MOST_LATER)}`,
          later,
          ratio(later),
          (n) => n <= MOST_LATER,
        ),
        target(
          `${title}, narrow feed, at its end`,
          `at most ${ratio(MOST_LATER)}`,
          narrow,
          ratio(narrow),
          (n) => n <= MOST_LATER,
        ),
        target(
          `${title}, pages a second`,
          `at least ${PAGES_PER_SECOND}`,
          whole,
          rate(whole),
          (n) => n >= PAGES_PER_SECOND,
        ),
        target(
          `${title}, unchanged against rendered`,
          `at least ${ratio(UNCHANGED_FASTER)}`,
          faster,
          ratio(faster),
          (n) => n >= UNCHANGED_FASTER,
        ),
      ];
    }),
  };
}
