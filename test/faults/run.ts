import { seededRandom, type Random } from '../database/factory/random';

/** `npm test` runs the short form; `npm run test:faults` the full one. */
export const FULL = process.env.NEWSWIRE_FAULTS === 'full';

/** One number for the short form, and one for the full. */
export function either(short: number, full: number): number {
  return FULL ? full : short;
}

/** Chance for one test: by NEWSWIRE_FAULTS_SEED the same again, else another at every run. Says which. */
export function chance(test: string): Random {
  const given = process.env.NEWSWIRE_FAULTS_SEED;
  const seed = given ? Number(given) : Math.floor(Math.random() * 1_000_000_000);
  if (!Number.isSafeInteger(seed)) {
    throw new Error(`NEWSWIRE_FAULTS_SEED must be a whole number, not "${given}"`);
  }
  console.log(`chance: NEWSWIRE_FAULTS_SEED=${seed} (${test})`);
  return seededRandom(seed);
}
