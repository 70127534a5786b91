/** What every child answers. `cpu`: CPU time of the process in microseconds, since an earlier answer if one is given. */
const EVERYWHERE = {
  cpu(since) {
    const { user, system } = process.cpuUsage(since);
    return { user, system };
  },
};

/**
 * The child's side of run/processes.mjs: answers calls that come over the IPC channel, one after the other.
 *
 * @param {Record<string, (input: any) => unknown>} calls by name; each takes one value and may be asynchronous.
 */
export function serve(calls) {
  let turn = Promise.resolve();
  process.on('message', ({ id, name, input }) => {
    turn = turn.then(async () => {
      try {
        process.send({ id, result: await (calls[name] ?? EVERYWHERE[name])(input) });
      } catch (error) {
        process.send({ id, error: error instanceof Error ? error.stack : String(error) });
      }
    });
  });
  // Whoever started this has gone: nothing of a benchmark stays behind.
  process.on('disconnect', () => process.exit(1));
  process.send({ ready: true });
}

/** Milliseconds of the system's monotonic clock: on Linux and macOS the same in all processes of one machine. */
export function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}
