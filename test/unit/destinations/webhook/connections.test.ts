import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseAllowList } from '../../../../server/src/destinations/webhook/address-policy';
import { openConnections } from '../../../../server/src/destinations/webhook/connections';
import { httpEndpoint } from './endpoint';

const allow = parseAllowList(['127.0.0.1/32']);
const MINUTE = 60_000;

afterEach(() => void vi.useRealTimers());

describe('connections', () => {
  it('are a pool for each origin', async () => {
    const connections = openConnections({ allow });
    const pool = connections.pool('http://127.0.0.1:1');
    expect(connections.pool('http://127.0.0.1:1')).toBe(pool);
    expect(connections.pool('http://127.0.0.1:2')).not.toBe(pool);
    expect(connections.pool('https://127.0.0.1:1')).not.toBe(pool);
    await connections.destroy();
    expect(pool.destroyed).toBe(true);
  });

  it('that nobody has used for a minute are dropped when a new origin comes', async () => {
    const endpoint = await httpEndpoint((request, response) => {
      request.resume();
      response.end();
    });
    vi.useFakeTimers({ toFake: ['performance'] });
    const connections = openConnections({ allow });
    const idle = connections.pool('http://127.0.0.1:1');
    const used = connections.pool('http://127.0.0.1:2');
    const connected = connections.pool(`http://127.0.0.1:${endpoint.port}`);
    const { body } = await connected.request({ path: '/', method: 'POST' });
    await body.dump();
    vi.advanceTimersByTime(MINUTE / 2);
    connections.pool('http://127.0.0.1:2');
    vi.advanceTimersByTime(MINUTE / 2 + 1);
    connections.pool('http://127.0.0.1:3');
    expect([idle.closed, used.closed, connected.closed]).toEqual([true, false, false]);
    expect(connections.pool('http://127.0.0.1:1')).not.toBe(idle);
    await connections.destroy();
  });
});
