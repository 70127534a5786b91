import { z } from 'zod';
import { isoTime, pageQuery } from './common';
import { patchOf } from './patch';
import { scopeWords } from './scope-words';

/** People to be asked on the partner's side. */
const MAX_CONTACTS = 20;

/** Networks that a partner's tokens may be used from. */
const MAX_NETWORKS = 50;

/** Fastest rate that a partner may have, in requests per minute. */
const MAX_RATE_PER_MINUTE = 100_000;

/** Requests per minute of each token, unless the partner has another limit. */
const DEFAULT_RATE_PER_MINUTE = 600;

export const TOKEN_SCOPES = ['feeds:read', 'callbacks:write', 'subscriptions:manage'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

const contact = z.strictObject({
  name: z.string().trim().min(1).max(200),
  email: z.email().max(254).nullable().default(null),
  role: z.string().max(200).nullable().default(null),
});

/** Body of `POST /partners`. Only `name` is required (spec §7). */
export const createPartner = z.strictObject({
  name: z.string().trim().min(1).max(200),
  contacts: z.array(contact).max(MAX_CONTACTS).default([]),
  territories: scopeWords,
  genres: scopeWords,
  content_types: scopeWords,
  /** Which audiences it belongs to, and how personal data is shown to it: see domain/personal-data.ts. */
  clearance: z.enum(['public', 'partner', 'internal']).default('partner'),
  rate_per_minute: z
    .number()
    .int()
    .min(1)
    .max(MAX_RATE_PER_MINUTE)
    .default(DEFAULT_RATE_PER_MINUTE),
  /** Addresses or ranges (CIDR) that its tokens may be used from; empty: from anywhere. */
  allowed_networks: z.array(z.string().trim().min(1).max(50)).max(MAX_NETWORKS).default([]),
  state: z.enum(['active', 'suspended']).default('active'),
});

/** Body of `PATCH /partners/:id`: any part of the resource; a field that is given replaces what was there. */
export const updatePartner = patchOf(createPartner);

/** A partner's settings, validated and complete, as they are stored. */
export type PartnerSettings = z.output<typeof createPartner>;

/** Query of `GET /partners`. */
export const listPartners = pageQuery.extend({
  state: z.enum(['active', 'suspended']).optional(),
});

/** The resource `partner` of spec §7. */
export interface Partner extends PartnerSettings {
  id: string;
  created_at: string;
  updated_at: string;
}

/** Body of `POST /partners/:id/tokens`. */
export const createToken = z.strictObject({
  name: z.string().trim().min(1).max(200),
  scopes: z
    .array(z.enum(TOKEN_SCOPES, { error: `A scope is one of ${TOKEN_SCOPES.join(', ')}` }))
    .min(1)
    .max(TOKEN_SCOPES.length)
    .default(['feeds:read']),
  expires_at: isoTime.nullable().default(null),
});

/** A partner's token as it is listed: never the token itself. */
export interface PartnerToken {
  id: string;
  partner_id: string;
  name: string;
  /** How the token begins, so that it can be told from others. */
  prefix: string;
  scopes: TokenScope[];
  expires_at: string | null;
  last_used_at: string | null;
  created_at: string;
}

/** Answer of `POST /partners/:id/tokens`: the only place where the token is ever shown. */
export interface CreatedToken extends PartnerToken {
  /** `nwp_` + base64url of 32 random bytes. */
  token: string;
}
