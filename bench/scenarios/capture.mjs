/** What capture costs whoever saves. */
import { interleave } from '../run/rounds.mjs';
import { median } from '../run/statistics.mjs';
import { Missed, ms, Reached, table } from '../run/report.mjs';
import { startStrapi } from '../strapi/application.mjs';
import { engineDatabase } from './drain.mjs';

/** Documents written in one turn; turns are short, so that what disturbs disturbs both. */
const DOCUMENTS = 60;
const WARM_UP = 60;

/** The most that capture may add to the median, as a share of it. */
const MOST = 0.15;

const ACTIONS = ['create', 'update', 'publish'];
const DIALECTS = ['sqlite', 'postgres'];
const TITLES = { sqlite: 'SQLite', postgres: 'PostgreSQL' };
const ROLES = { off: 'without Newswire', producer: 'with capture' };

async function prepare(context, dialect, newswire) {
  const database = await engineDatabase(context, dialect);
  const strapi = await startStrapi({ address: database.address, newswire });
  await strapi.call('write', { count: WARM_UP });
  return {
    name: nameOf(dialect, newswire),
    measure: () => strapi.call('write', { count: DOCUMENTS }),
    async stop() {
      await strapi.stop();
      await database.drop();
    },
  };
}

const nameOf = (dialect, role) => `${TITLES[dialect]}, ${ROLES[role]}`;

export const capture = {
  title: 'What capture adds to a save',
  needsStrapi: true,

  async run(context) {
    const prepared = [];
    try {
      for (const dialect of DIALECTS) {
        for (const role of Object.keys(ROLES)) {
          prepared.push(await prepare(context, dialect, role));
        }
      }
      const measured = await interleave({
        // A turn is short: more of them cost little and even out more.
        rounds: context.rounds * 2,
        patienceMs: context.patienceMs,
        contestants: prepared,
        say: context.say,
        describe: (times) =>
          ACTIONS.map((action) => `${action} ${median(times[action]).toFixed(2)} ms`).join(', '),
      });
      return report(measured, context.rounds * 2);
    } finally {
      for (const { stop } of prepared) await stop();
    }
  },
};

function report(measured, rounds) {
  const rows = [];
  const targets = [];
  for (const dialect of DIALECTS) {
    for (const action of ACTIONS) {
      const medians = (role) =>
        measured.get(nameOf(dialect, role)).results.map((times) => median(times[action]));
      const [off, on] = [medians('off'), medians('producer')];
      const added = median(on) / median(off) - 1;
      const range = (list) => `${Math.min(...list).toFixed(2)} – ${Math.max(...list).toFixed(2)}`;
      const name = `${TITLES[dialect]}, ${action}`;
      rows.push([
        name,
        ...[median(off).toFixed(2), range(off), median(on).toFixed(2), range(on)],
        percent(added),
      ]);
      targets.push({
        what: name,
        wanted: `at most ${percent(MOST)}`,
        found: percent(added),
        verdict: added <= MOST ? Reached : Missed,
      });
    }
  }
  const disturbed = [...measured.values()].reduce((sum, entry) => sum + entry.disturbed, 0);
  return {
    intro: [
      `A small content type (\`slate\` of the demo) through the document service, definitions without a populate, ${rounds} rounds of ${DOCUMENTS} documents;`,
      `milliseconds, medians of the rounds' medians. Disturbed turns: ${disturbed} of ${rounds * measured.size}.`,
    ].join(' '),
    table: table(['call', 'without', 'min – max', 'with capture', 'min – max', 'added'], rows),
    targets,
  };
}

function percent(share) {
  return `${ms(share * 100)} %`;
}
