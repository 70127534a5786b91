import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, test } from 'vitest';
import { readClientCertificate } from '../../../../server/src/destinations/webhook';
import {
  CLIENT_AUTHORITY,
  DESK,
  DESK_EXPIRED,
  DESK_KEY,
  DESK_KEY_ENCRYPTED,
  ISSUER,
  OTHER,
  OTHER_KEY,
  WEAK,
  WEAK_KEY,
} from '../../../support/client-certificates';
import { AUTHORITY, FOR_LOCALHOST, KEY } from './certificates';
import { listen, send, to, webhook } from './endpoint';

const now = new Date('2026-11-21T12:00:00Z');
const CHAIN = `${DESK}\n${ISSUER}\n`;

const desk = { id: 'desk', certificate: CHAIN, privateKey: DESK_KEY };
const other = { id: 'other', certificate: `${OTHER}\n${ISSUER}`, privateKey: OTHER_KEY };

/** An endpoint that asks for a client certificate, and remembers whose it was shown. */
async function endpointThatAsks(rejectUnauthorized = true) {
  const shown: (string | undefined)[] = [];
  const server = createServer(
    { key: KEY, cert: FOR_LOCALHOST, requestCert: true, rejectUnauthorized, ca: CLIENT_AUTHORITY },
    (request, response) => {
      request.resume();
      const certificate = (request.socket as TLSSocket).getPeerCertificate();
      shown.push((certificate.subject as { CN?: string } | undefined)?.CN);
      response.end();
    },
  );
  server.on('tlsClientError', () => undefined);
  const { port } = await listen(server);
  return { shown, url: `https://localhost:${port}/hook` };
}

const policy = { allowHttp: false, allow: ['127.0.0.0/8', '::1/128'] };
const trusting = { policy, certificateAuthorities: [AUTHORITY] };

describe('A client certificate', () => {
  it('is shown, with its chain, to an endpoint that asks for one', async () => {
    const { url, shown } = await endpointThatAsks();
    const destination = webhook(trusting);
    const { outcome } = await send(destination, to(url, { clientCertificate: desk }));
    expect(outcome).toMatchObject({ kind: 'delivered' });
    expect(shown).toEqual(['desk.example.com']);
  });

  it.each([
    ['there is none', undefined],
    ['its authority is another', { id: 'stranger', certificate: FOR_LOCALHOST, privateKey: KEY }],
    ['its chain is missing', { ...desk, id: 'alone', certificate: DESK }],
  ])('is wanted: nothing arrives where %s', async (_what, clientCertificate) => {
    const { url, shown } = await endpointThatAsks();
    const settings = to(url, clientCertificate ? { clientCertificate } : {});
    const { outcome } = await send(webhook(trusting), settings);
    expect(outcome.kind).toBe('transient');
    expect(shown).toEqual([]);
  });

  it('is never the one of another subscription to the same endpoint, also on kept sockets and sessions', async () => {
    const { url, shown } = await endpointThatAsks(false);
    const destination = webhook(trusting);
    const plain = to(url);
    const byDesk = to(url, { clientCertificate: desk });
    const byOther = to(url, { clientCertificate: other });
    for (const settings of [byDesk, byOther, plain, byOther, byDesk, plain]) {
      expect((await send(destination, settings)).outcome.kind).toBe('delivered');
    }
    const [d, o] = ['desk.example.com', 'other.example.com'];
    expect(shown).toEqual([d, o, undefined, o, d, undefined]);
  });

  it('stands in no result, so in no log of attempts', async () => {
    const { url } = await endpointThatAsks();
    const result = await send(webhook(trusting), to(url, { clientCertificate: desk }));
    expect(JSON.stringify(result)).not.toMatch(/PRIVATE KEY|CERTIFICATE/);
  });
});

describe('Reading a client certificate', () => {
  it('gives the certificates alone, and the key in clear', () => {
    const certificate = `Bag Attributes\n  friendlyName: desk\n${DESK}\nsome words\n${ISSUER}`;
    const read = readClientCertificate({ certificate, private_key: DESK_KEY }, now);
    expect(read).toEqual({
      read: {
        certificate: CHAIN,
        privateKey: `${DESK_KEY}\n`,
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        subject: 'CN=desk.example.com',
        notAfter: new Date('2120-01-01T00:00:00Z'),
      },
    });
    const encrypted = { certificate, private_key: DESK_KEY_ENCRYPTED, passphrase: 'opensesame' };
    expect(readClientCertificate(encrypted, now)).toEqual(read);
  });

  test.each([
    ['no PEM', { certificate: 'MIIB' }, 'certificate', /BEGIN CERTIFICATE/],
    ['a key in its place', { certificate: DESK_KEY }, 'certificate', /Holds a private key/],
    ['the key beside it', { certificate: DESK + DESK_KEY }, 'certificate', /Holds a private key/],
    [
      'a damaged one',
      { certificate: DESK.replace('MII', 'AAA') },
      'certificate',
      /number 1 in it cannot/,
    ],
    [
      'a damaged chain',
      { certificate: DESK + ISSUER.replace('MII', 'AAA') },
      'certificate',
      /number 2 in it cannot/,
    ],
    [
      'an expired one',
      { certificate: DESK_EXPIRED },
      'certificate',
      /expired on 2020-02-01T00:00:00.000Z/,
    ],
    ['one for another key', { private_key: OTHER_KEY }, 'private_key', /Does not belong/],
    ['its chain upside down', { certificate: ISSUER + DESK }, 'private_key', /Does not belong/],
    ['a certificate as its key', { private_key: DESK }, 'private_key', /BEGIN PRIVATE KEY/],
    [
      'a damaged key',
      { private_key: DESK_KEY.replace('MIG', 'AAA') },
      'private_key',
      /Cannot be read/,
    ],
    [
      'a key without its passphrase',
      { private_key: DESK_KEY_ENCRYPTED },
      'passphrase',
      /is encrypted/,
    ],
    [
      'a key with a wrong passphrase',
      { private_key: DESK_KEY_ENCRYPTED, passphrase: 'wrong' },
      'passphrase',
      /Does not open/,
    ],
    [
      'a key that is too short for TLS',
      { certificate: WEAK, private_key: WEAK_KEY },
      'certificate',
      /Cannot be used for TLS \(\w+\)/,
    ],
  ])('refuses %s', (_what, changes, path, message) => {
    const input = { certificate: CHAIN, private_key: DESK_KEY, ...changes };
    expect(readClientCertificate(input, now)).toEqual({
      problems: [{ path, message: expect.stringMatching(message) as string }],
    });
  });

  it('names both parts where both are wrong, and repeats neither', () => {
    const result = readClientCertificate({ certificate: 'hunter2', private_key: 'hunter3' }, now);
    expect(result).toMatchObject({ problems: [{ path: 'certificate' }, { path: 'private_key' }] });
    expect(JSON.stringify(result)).not.toContain('hunter');
  });
});
