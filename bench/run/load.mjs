import { readFileSync } from 'node:fs';

/** How long is looked at what the machine does while the benchmark does nothing. */
const LOOK_MS = 200;

/** A share of all cores that is busy without us, above which a run counts as disturbed. */
export const BUSY_SHARE = 0.15;

/** Jiffies of all cores since boot, and those of them in which something ran (stolen time included). */
function readStat() {
  const [first] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user, nice, system, idle, iowait, irq, softirq, steal] = first
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, all: busy + idle + iowait };
}

/**
 * The share of the machine that others use, seen while nothing of ours runs.
 *
 * @returns {Promise<number | null>} 0 to 1; null where there is no /proc/stat to read it from.
 */
export async function neighbours() {
  try {
    const before = readStat();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const after = readStat();
    return (after.busy - before.busy) / Math.max(1, after.all - before.all);
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
