import type { DedupeStore } from './dedupe';

/** Sends one command to Redis, word by word: `(...words) => redis.call(...words)`, or `(...words) => client.sendCommand(words)`. */
export type RedisCommand = (...words: [string, ...string[]]) => Promise<unknown>;

const DONE = 'done';

/** Compares and deletes in one step, since the key may have changed hands in between. */
const RELEASE =
  "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/**
 * A store in Redis 2.6.12 or newer, for any number of processes. `SET … NX PX` is the one step that only one of many
 * callers succeeds with.
 */
export function redisDedupe(command: RedisCommand, options: { prefix?: string } = {}): DedupeStore {
  const { prefix = 'newswire:' } = options;
  return {
    async claim(id, token, leaseMs) {
      const key = prefix + id;
      const taken = await command('SET', key, `claim:${token}`, 'NX', 'PX', String(leaseMs));
      if (taken !== null) return 'claimed';
      // What has run out since then is somebody's to claim at the next try.
      return String(await command('GET', key)) === DONE ? 'done' : 'in_progress';
    },
    async finish(id, keepMs) {
      await command('SET', prefix + id, DONE, 'PX', String(keepMs));
    },
    async release(id, token) {
      await command('EVAL', RELEASE, '1', prefix + id, `claim:${token}`);
    },
  };
}
