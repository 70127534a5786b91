import { createPublicKey, verify } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  generateProducerKey,
  prepareProducerKey,
  publicJwk,
  signJws,
  standardEd25519,
} from '../../../server/src/domain/producer-key';

const CLAIMS = {
  event_id: '0198c5a2-7b0e-7c3a-9f53-2f6f0c6f5a11',
  event_type: 'content.ready',
  sequence_number: 1042,
  producer_id: 'northlight-cms',
  iat: 1_614_265_330,
  body_sha256: 'ab'.repeat(32),
};

describe('a key pair of the installation', () => {
  it('is named by the thumbprint of its public key (RFC 7638), as another implementation works it out', async () => {
    const { kid, publicX } = generateProducerKey();
    const jwk = publicJwk({ kid, publicX });
    expect(jwk).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x: publicX,
      kid,
      use: 'sig',
      alg: 'EdDSA',
    });
    expect(await calculateJwkThumbprint(jwk)).toBe(kid);
  });

  it('signs id, timestamp and body, joined by dots', () => {
    const generated = generateProducerKey();
    const signed = { id: 'msg_1', timestamp: '1614265330', body: '{"title":"Größe"}' };
    const key = prepareProducerKey(generated);
    const signature = standardEd25519(key, signed);
    expect(standardEd25519(key, { ...signed, body: Buffer.from(signed.body) })).toBe(signature);
    const publicKey = createPublicKey({ format: 'jwk', key: { ...publicJwk(generated) } });
    const content = Buffer.from('msg_1.1614265330.{"title":"Größe"}');
    expect(verify(null, content, publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it('makes a JWS that another implementation verifies, with the kid in its header', async () => {
    const generated = generateProducerKey();
    const jws = signJws(prepareProducerKey(generated), CLAIMS);
    const { payload, protectedHeader } = await compactVerify(
      jws,
      await importJWK({ ...publicJwk(generated) }),
    );
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: generated.kid });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(CLAIMS);
  });

  it('is refused where the stored text is a key of another kind', () => {
    const privateKey =
      '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJzdPh56CWk0TY+1V\nzH6ZZl3olGDDB7JJYAQPKjSYVb6hRANCAARSN+tfnhfUo4WEMRhMCcGO4Rpcb0oU\nRzFyZf+tWBoBt8lUAPcu9EcdDlYSzu9vif7EXZtZ0k5z8pzKUitX4j8T\n-----END PRIVATE KEY-----';
    expect(() => prepareProducerKey({ kid: 'k', privateKey })).toThrow('k is not an Ed25519 key');
  });
});
