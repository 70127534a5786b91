import { BUSY_SHARE, neighbours } from './load.mjs';

/** How often a run is repeated because somebody else used the machine; the last one then counts, and is marked. */
const REPEATS = 2;

/**
 * Measures all contestants in turn, in a new random order in every round.
 *
 * @template Result
 * @param {{ rounds: number, patienceMs: number, contestants: { name: string, measure: () => Promise<Result> }[],
 *   say: (text: string) => void, describe: (result: Result) => string }} options
 * @returns {Promise<Map<string, { results: Result[], disturbed: number }>>} by contestant's name
 */
export async function interleave({ rounds, patienceMs, contestants, say, describe }) {
  const measured = new Map(contestants.map(({ name }) => [name, { results: [], disturbed: 0 }]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, measure } of shuffled(contestants)) {
      const { result, disturbed } = await undisturbed(measure, patienceMs);
      const entry = measured.get(name);
      entry.results.push(result);
      if (disturbed) entry.disturbed += 1;
      say(`round ${round}  ${name}: ${describe(result)}${disturbed ? '  (disturbed)' : ''}`);
    }
  }
  return measured;
}

async function undisturbed(measure, patienceMs) {
  const repeats = patienceMs > 0 ? REPEATS : 0;
  for (let repeat = 0; ; repeat += 1) {
    const before = await quietMoment(patienceMs);
    const result = await measure();
    const after = await neighbours();
    const disturbed = Math.max(before ?? 0, after ?? 0) > BUSY_SHARE;
    if (!disturbed || repeat === repeats) return { result, disturbed };
  }
}

async function quietMoment(patienceMs) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const share = await neighbours();
    if (share === null || share <= BUSY_SHARE || Date.now() > deadline) return share;
  }
}

function shuffled(list) {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}
