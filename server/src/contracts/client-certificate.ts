import { z } from 'zod';
import { pageQuery } from './common';

/** Room for a chain of certificates, and for the longest of keys, in characters of PEM. */
const CERTIFICATE_LENGTH = 64 * 1024;
const PRIVATE_KEY_LENGTH = 16 * 1024;

/** Body of `POST /client-certificates`. */
export const createClientCertificate = z.strictObject({
  name: z.string().trim().min(1).max(200),
  /** PEM: the certificate, and behind it those between it and its authority, if any. */
  certificate: z.string().min(1).max(CERTIFICATE_LENGTH),
  /** PEM. */
  private_key: z.string().min(1).max(PRIVATE_KEY_LENGTH),
  /** Of the private key, where it is encrypted. It is not stored. */
  passphrase: z.string().min(1).max(1_000).optional(),
});

/** Query of `GET /client-certificates`. */
export const listClientCertificates = pageQuery;

/** A client certificate; its private key is never shown. */
export interface ClientCertificate {
  id: string;
  name: string;
  /** PEM, as it is shown to endpoints. */
  certificate: string;
  subject: string;
  /** Hex SHA-256 of the certificate. */
  fingerprint: string;
  /** The certificate's end. */
  not_after: string;
  created_at: string;
}
