import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SettingsProblem } from '../contract';

/** A certificate and its key, shown to endpoints that ask for one (mTLS, RFC 8446 §4.4.2). */
export interface ClientCertificate {
  /** Names this very certificate: sockets opened with it serve nobody else. */
  id: string;
  /** PEM, with those between it and its authority. */
  certificate: string;
  /** PEM, not encrypted. */
  privateKey: string;
}

/** What was read of a certificate that is right. */
export interface ReadCertificate {
  /** PEM: the certificates alone, without what stood around them. */
  certificate: string;
  /** PKCS #8, PEM, not encrypted: a secret. */
  privateKey: string;
  /** Hex SHA-256 of the first certificate. */
  fingerprint: string;
  subject: string;
  notAfter: Date;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads a certificate, its chain and its key, and looks whether they can be used together now.
 *
 * @returns what is wrong with them, by the field's name, where something is.
 */
export function readClientCertificate(
  input: { certificate: string; private_key: string; passphrase?: string | undefined },
  now: Date,
): { read: ReadCertificate } | { problems: SettingsProblem[] } {
  const chain = readChain(input.certificate, now);
  const key = readKey(input.private_key, input.passphrase);
  const problems = [
    ...('problems' in chain ? chain.problems : []),
    ...('problem' in key ? [key.problem] : []),
  ];
  if ('problems' in chain || 'problem' in key) return { problems };
  const { leaf, pem } = chain;
  if (!leaf.checkPrivateKey(key.privateKey)) {
    return {
      problems: [
        {
          path: 'private_key',
          message: 'Does not belong to the first certificate; give the key that it was made for',
        },
      ],
    };
  }
  const privateKey = key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  const unusable = unusableFor({ certificate: pem, privateKey });
  if (unusable !== null) return { problems: [{ path: 'certificate', message: unusable }] };
  return {
    read: {
      certificate: pem,
      privateKey,
      fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
      subject: leaf.subject.replaceAll('\n', ', ').slice(0, 500),
      notAfter: new Date(leaf.validTo),
    },
  };
}

function readChain(
  text: string,
  now: Date,
): { leaf: X509Certificate; pem: string } | { problems: SettingsProblem[] } {
  const problem = (message: string) => ({ problems: [{ path: 'certificate', message }] });
  if (text.includes('PRIVATE KEY-----')) {
    return problem('Holds a private key; put that into private_key alone, since this is shown');
  }
  const blocks = text.match(BLOCK) ?? [];
  const certificates: X509Certificate[] = [];
  for (const block of blocks) {
    try {
      certificates.push(new X509Certificate(block));
    } catch {
      // OpenSSL's words for it help nobody who has pasted half a certificate.
      return problem(`Certificate number ${certificates.length + 1} in it cannot be read`);
    }
  }
  const [leaf] = certificates;
  if (!leaf) {
    return problem('Must be PEM: begin with -----BEGIN CERTIFICATE-----');
  }
  const expired = certificates.findIndex(({ validTo }) => new Date(validTo) <= now);
  if (expired !== -1) {
    const validTo = new Date(certificates[expired]?.validTo ?? '').toISOString();
    return problem(`Certificate number ${expired + 1} in it expired on ${validTo}`);
  }
  return { leaf, pem: `${blocks.join('\n')}\n` };
}

function readKey(
  text: string,
  passphrase: string | undefined,
): { privateKey: KeyObject } | { problem: SettingsProblem } {
  try {
    const key = passphrase === undefined ? { key: text } : { key: text, passphrase };
    return { privateKey: createPrivateKey({ ...key, format: 'pem' }) };
  } catch {
    // Sorted by what the person who pasted it can do; OpenSSL's own words might repeat what was given.
    if (!text.includes('PRIVATE KEY-----')) {
      return {
        problem: {
          path: 'private_key',
          message: 'Must be PEM: begin with -----BEGIN PRIVATE KEY-----',
        },
      };
    }
    const encrypted = text.includes('ENCRYPTED');
    if (encrypted && passphrase === undefined) {
      return {
        problem: {
          path: 'passphrase',
          message: 'The private key is encrypted; give its passphrase',
        },
      };
    }
    return encrypted
      ? { problem: { path: 'passphrase', message: 'Does not open the private key' } }
      : {
          problem: {
            path: 'private_key',
            message: 'Cannot be read; give the whole of it, PEM, unchanged',
          },
        };
  }
}

/** What OpenSSL has against the pair when it is put to use, e.g. that the key is too short. */
function unusableFor(pair: { certificate: string; privateKey: string }): string | null {
  try {
    createSecureContext({ cert: pair.certificate, key: pair.privateKey });
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `Cannot be used for TLS (${code ?? 'refused by OpenSSL'}); use RSA of 2048 bits or more, or an elliptic curve`;
  }
}
