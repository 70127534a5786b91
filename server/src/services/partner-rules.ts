import type { PartnerSettings } from '../contracts/partner';
import type { Catalogue } from '../domain/catalogue';
import { compilePartnerRule } from '../domain/partner-rule';
import type { PartnerRule } from '../domain/partner-rule';
import type { PartnerRow } from '../store/partners';
import type { Secrets } from './secrets';

/** A partner's rule; null where its pseudonym key cannot be decrypted: then it gets nothing. */
export function partnerRule(
  row: PartnerRow,
  { secrets, catalogue }: { secrets: Secrets; catalogue: Catalogue },
): PartnerRule | null {
  const key = secrets.decrypt(row.encryptedPseudonymKey);
  return key === null
    ? null
    : compilePartnerRule(
        {
          id: row.partnerId,
          rights: row.settings as PartnerSettings,
          pseudonymKey: Buffer.from(key, 'base64'),
        },
        (eventType) => catalogue.definition(eventType),
      );
}
