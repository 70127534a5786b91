import type { Partner, PartnerSettings, PartnerToken, TokenScope } from '../../contracts/partner';
import type { PartnerTokenRow } from '../../store/partner-tokens';
import type { PartnerRow } from '../../store/partners';

/** A partner as the API shows it. */
export function toPartner(row: PartnerRow): Partner {
  return {
    id: row.partnerId,
    ...(row.settings as PartnerSettings),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** A token as the API shows it: how it begins, and no more of it. */
export function toPartnerToken(row: PartnerTokenRow): PartnerToken {
  return {
    id: row.tokenId,
    partner_id: row.partnerId,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes as TokenScope[],
    expires_at: row.expiresAt?.toISOString() ?? null,
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  };
}
