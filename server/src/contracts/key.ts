import { z } from 'zod';
import { DEFAULT_OVERLAP_SECONDS, MAX_OVERLAP_SECONDS } from '../domain/key-rotation';

/** Body of `POST /subscriptions/:id/secret/rotate` and of `POST /keys/rotate`. */
export const rotateKey = z.strictObject({
  /** How long the old key goes on signing beside the new one; 0 stops it at once. */
  overlap_seconds: z
    .number()
    .int()
    .min(0)
    .max(MAX_OVERLAP_SECONDS, {
      error: `At most ${MAX_OVERLAP_SECONDS} seconds (30 days)`,
    })
    .default(DEFAULT_OVERLAP_SECONDS),
  /** Rotate although an earlier rotation still overlaps; the key from before that one stops at once. */
  force: z.boolean().default(false),
});

/** Body of `POST /subscriptions/:id/secret/revoke` and of `POST /keys/revoke`. */
export const revokeKey = z.strictObject({ kid: z.string().min(1).max(64) });

/** A key in force, without its secret. */
export interface Key {
  kid: string;
  current: boolean;
  created_at: string;
  /** When a key that is on its way out stops signing; null for the current one. */
  expires_at: string | null;
}

/** A key in force that the installation signs with. */
export interface ProducerKeyResource extends Key {
  algorithm: 'EdDSA';
}

/** What a rotation did. */
export interface RotatedKey {
  kid: string;
  /** Id of the key that was current before; null where there was none. */
  previous_kid: string | null;
  /** When that key stops signing. */
  previous_expires_at: string | null;
}

/** Answer of `POST /subscriptions/:id/secret/rotate`: the only place where the new secret is ever shown. */
export interface RotatedSecret extends RotatedKey {
  secret: string;
}

/** What a revocation left in force. */
export interface RevokedKey {
  revoked: string;
  keys: Key[];
}
