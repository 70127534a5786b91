const TICK_MILLISECONDS = 1_000;

/**
 * Numbered steps with their durations. On a terminal the running one counts its seconds; elsewhere every
 * step is one line, and one more when it has something to say.
 *
 * @param {number} total
 */
export function createSteps(total, out = process.stdout) {
  let number = 0;

  /**
   * @param {string} title
   * @param {(say: (text: string) => void) => Promise<string | void>} work returns what to write behind the title
   */
  return async function step(title, work) {
    number += 1;
    const label = `[${number}/${total}] ${title}`;
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    let doing = '';
    const tick = () => out.write(`\r\u001b[K${label} … ${doing} ${seconds()}`);
    const say = (text) => {
      doing = text;
      if (out.isTTY) {
        tick();
      } else {
        out.write(`${label} … ${text}\n`);
      }
    };

    const timer = out.isTTY ? setInterval(tick, TICK_MILLISECONDS) : undefined;
    try {
      const outcome = (await work(say)) ?? 'done';
      out.write(`${out.isTTY ? '\r\u001b[K' : ''}${label} … ${outcome} (${seconds()})\n`);
    } catch (error) {
      out.write(`${out.isTTY ? '\r\u001b[K' : ''}${label} … failed (${seconds()})\n`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  };
}
