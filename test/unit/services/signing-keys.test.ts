import { describe, expect, it } from 'vitest';
import { generateProducerKey } from '../../../server/src/domain/producer-key';
import { readProducerKeys, readSigningKeys } from '../../../server/src/services/signing-keys';
import type { Secrets } from '../../../server/src/services/secrets';

const now = new Date('2026-11-21T12:00:00Z');
const later = new Date(now.getTime() + 60_000);
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const UNREADABLE = 'unreadable';
const secrets = {
  decrypt: (text: string) => (text === UNREADABLE ? null : text),
} as unknown as Secrets;

const keyRow = (kid: string, changes: object = {}) => ({
  kid,
  subscriptionId: 's',
  encryptedSecret: SECRET,
  current: false,
  createdAt: now,
  expiresAt: later,
  ...changes,
});
const current = keyRow('current', { current: true, expiresAt: null });
const plain = { ed25519: false, jws: false };
const read = (rows: ReturnType<typeof keyRow>[]) =>
  readSigningKeys(rows, { secrets, now, producerId: 'p', producer: null, signing: plain });

describe('the keys that a subscription signs with', () => {
  it('are its current one and those on their way out, without those that have expired', () => {
    const keys = read([current, keyRow('retiring'), keyRow('expired', { expiresAt: now })]);
    expect(keys).toMatchObject({ kid: 'current', producer: null });
    expect(keys?.retiring.map(({ until }) => until)).toEqual([later.getTime()]);
  });

  it('are none where one in force cannot be read: half of the signatures would look forged', () => {
    expect(read([current, keyRow('retiring', { encryptedSecret: UNREADABLE })])).toBeNull();
    expect(read([{ ...current, encryptedSecret: UNREADABLE }, keyRow('retiring')])).toBeNull();
  });

  it('are there where only an expired one cannot be read', () => {
    const expired = keyRow('expired', { encryptedSecret: UNREADABLE, expiresAt: now });
    expect(read([current, expired])).toMatchObject({ kid: 'current', retiring: [] });
  });

  it('are none without a current one', () => {
    expect(read([])).toBeNull();
    expect(read([keyRow('retiring')])).toBeNull();
  });
});

describe('the key pairs of the installation', () => {
  const pair = (changes: object = {}) => {
    const { kid, publicX, privateKey } = generateProducerKey();
    return {
      kid,
      publicX,
      encryptedPrivateKey: privateKey,
      current: false,
      createdAt: now,
      expiresAt: later,
      ...changes,
    };
  };
  const first = pair({ current: true, expiresAt: null });

  it('are the current one and those on their way out', () => {
    const keys = readProducerKeys([first, pair(), pair({ expiresAt: now })], { secrets, now });
    expect(keys?.current.kid).toBe(first.kid);
    expect(keys?.retiring).toHaveLength(1);
  });

  it('are none where one in force cannot be read, or none is current', () => {
    const unreadable = pair({ encryptedPrivateKey: UNREADABLE });
    expect(readProducerKeys([first, unreadable], { secrets, now })).toBeNull();
    expect(readProducerKeys([pair()], { secrets, now })).toBeNull();
    expect(readProducerKeys([], { secrets, now })).toBeNull();
  });
});
