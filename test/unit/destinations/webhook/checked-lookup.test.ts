import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { parseAllowList } from '../../../../server/src/destinations/webhook/address-policy';
import {
  BlockedAddressError,
  checkedLookup,
  type Resolve,
} from '../../../../server/src/destinations/webhook/checked-lookup';

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

interface Looked {
  error: NodeJS.ErrnoException | null;
  address: string | LookupAddress[];
  family?: number | undefined;
}

function look(resolve: Resolve, options: { all?: boolean; family?: number }, allow: string[] = []) {
  const lookup = checkedLookup(parseAllowList(allow), resolve);
  return new Promise<Looked>((done) =>
    lookup('hooks.example.com', options, (error, address, family) =>
      done({ error, address, family }),
    ),
  );
}

const answering =
  (...addresses: LookupAddress[]): Resolve =>
  (_hostname, _options, callback) =>
    callback(null, addresses);

describe('the lookup of a socket', () => {
  it('gives all public addresses, or the first, as it was asked', async () => {
    const both = answering(v6('2600:1f18::1'), v4('8.8.8.8'));
    expect(await look(both, { all: true })).toEqual({
      error: null,
      address: [v6('2600:1f18::1'), v4('8.8.8.8')],
    });
    expect(await look(both, { all: false })).toEqual({
      error: null,
      address: '2600:1f18::1',
      family: 6,
    });
    expect(await look(both, {})).toMatchObject({ address: '2600:1f18::1', family: 6 });
  });

  it('asks for all addresses even where one is wanted, and keeps the other options', async () => {
    const asked: LookupAllOptions[] = [];
    const resolve: Resolve = (_hostname, options, callback) => {
      asked.push(options);
      callback(null, [v4('8.8.8.8')]);
    };
    await look(resolve, { all: false, family: 4 });
    expect(asked).toEqual([{ all: true, family: 4 }]);
  });

  it.each([
    ['first', [v4('10.0.0.5'), v4('8.8.8.8')]],
    ['last', [v4('8.8.8.8'), v4('10.0.0.5')]],
    ['beside another family', [v6('2600:1f18::1'), v4('10.0.0.5')]],
  ])('refuses a name when a refused address comes %s', async (_where, addresses) => {
    for (const all of [true, false]) {
      const { error, address } = await look(answering(...addresses), { all });
      expect(error).toBeInstanceOf(BlockedAddressError);
      expect(error).toMatchObject({
        code: 'blocked_by_network_policy',
        message: 'hooks.example.com resolves to 10.0.0.5, and 10.0.0.5 is a private address',
      });
      expect(address).toEqual([]);
    }
  });

  it('lets an address through that the operator allows', async () => {
    const { error } = await look(answering(v4('10.0.0.5')), { all: true }, ['10.0.0.0/8']);
    expect(error).toBeNull();
  });

  it('hands on the error of the name server', async () => {
    const notFound = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    const { error } = await look((_hostname, _options, callback) => callback(notFound, []), {});
    expect(error).toBe(notFound);
  });

  it('takes a name without an address for one that does not exist', async () => {
    expect((await look(answering(), { all: true })).error).toMatchObject({ code: 'ENOTFOUND' });
  });

  it('asks once for all that ask the same at the same moment, and anew afterwards', async () => {
    const asked: string[] = [];
    const resolve: Resolve = (hostname, options, callback) => {
      asked.push(`${hostname} ${String(options.family)}`);
      setTimeout(() => callback(null, [v4('8.8.8.8')]), 5);
    };
    const lookup = checkedLookup(parseAllowList([]), resolve);
    const ask = (hostname: string, family: number) =>
      new Promise<unknown>((done) =>
        lookup(hostname, { all: true, family }, (_error, addresses) => done(addresses)),
      );
    const three = [ask('a.example', 0), ask('a.example', 0), ask('a.example', 0)];
    const answers = await Promise.all([...three, ask('a.example', 4), ask('b.example', 0)]);
    expect(answers).toEqual(Array(5).fill([v4('8.8.8.8')]));
    expect(asked).toEqual(['a.example 0', 'a.example 4', 'b.example 0']);
    await ask('a.example', 0);
    expect(asked).toHaveLength(4);
  });

  it('judges each lookup by its own answer', async () => {
    const answers = [[v4('8.8.8.8')], [v4('127.0.0.1')]];
    const resolve: Resolve = (_hostname, _options, callback) => callback(null, answers.shift()!);
    expect((await look(resolve, { all: true })).error).toBeNull();
    expect((await look(resolve, { all: true })).error).toBeInstanceOf(BlockedAddressError);
  });
});
