import { parseArgs } from 'node:util';

const HELP = `npm run bench [-- SCENARIO…] [options]

  --rounds N    rounds of each scenario (default 5)
  --events N    deliveries of one run of a scenario that counts them (default 10000)
  --patience N  seconds to wait for a quiet moment before each run (default 10); 0: never wait, never repeat
  --only TEXT   only contestants whose name holds TEXT, while trying something
  --profile DIR write CPU profiles of the engine there
  --help

Without a SCENARIO all are run, and bench/RESULTS.md is written. With some, their tables are only printed.
Scenarios: `;

/** @param {string[]} scenarios */
export function readOptions(scenarios) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      events: { type: 'string', default: '10000' },
      patience: { type: 'string', default: '10' },
      only: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP + scenarios.join(', '));
    process.exit(0);
  }
  const unknown = positionals.filter((name) => !scenarios.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `There is no scenario ${unknown.join(', ')}; there are ${scenarios.join(', ')}`,
    );
  }
  return {
    scenarios: positionals.length > 0 ? positionals : scenarios,
    all: positionals.length === 0 && values.only === undefined,
    rounds: wholeNumber('--rounds', values.rounds, 1, 100),
    events: wholeNumber('--events', values.events, 1_000, 1_000_000),
    patienceMs: wholeNumber('--patience', values.patience, 0, 3_600) * 1_000,
    only: values.only === undefined ? null : new RegExp(values.only, 'i'),
    profile: values.profile ?? null,
  };
}

function wholeNumber(option, text, least, most) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`${option} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}
