import type { PartnerSettings, TokenScope } from '../../contracts/partner';
import { isToken, prefixOf } from '../../domain/access-token';
import type { Catalogue } from '../../domain/catalogue';
import { NOTHING_ALLOWED } from '../../domain/partner-rule';
import type { PartnerRule } from '../../domain/partner-rule';
import type { LogEnd, Standing } from '../../flow/feed/log-end';
import type { Database } from '../../store/database';
import { loadPartnerTokens } from '../../store/partner-tokens';
import type { PartnerTokenRow } from '../../store/partner-tokens';
import { loadPartners } from '../../store/partners';
import type { PartnerRow } from '../../store/partners';
import { partnerRule } from '../partner-rules';
import type { Secrets } from '../secrets';
import { compileNetworks } from './networks';

/** A partner, ready for requests. */
export interface KnownPartner {
  id: string;
  settings: PartnerSettings;
  /** What it may have. */
  rule: PartnerRule;
  /** Whether its tokens may be used from an address. */
  allows: (ip: string) => boolean;
}

export interface KnownToken {
  id: string;
  name: string;
  hash: string;
  scopes: readonly TokenScope[];
  expiresAt: Date | null;
  partner: KnownPartner;
}

interface Parts {
  db: () => Database;
  end: Pick<LogEnd, 'current'>;
  secrets: Secrets;
  catalogue: Catalogue;
}

interface Snapshot {
  version: number;
  partners: Map<string, KnownPartner>;
  /** By prefix. */
  tokens: Map<string, KnownToken>;
}

/**
 * All partners and their tokens in memory. Each use reads the configuration's version, one row, and loads everything again
 * when it has moved: so what is revoked or suspended anywhere is refused everywhere from the next request on.
 */
export class KnownPartners {
  readonly #parts: Parts;
  #snapshot: Snapshot | null = null;
  /** What is being read: of all requests that come meanwhile, one reads. */
  #loading: { version: number; done: Promise<Snapshot> } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The token that this is, expired or not, and how things stood when it was looked for; null for none of ours. */
  async token(text: string): Promise<{ token: KnownToken; standing: Standing } | null> {
    const standing = await this.#parts.end.current();
    const { tokens } = await this.#at(standing.configVersion);
    const token = tokens.get(prefixOf(text)) ?? null;
    return isToken(text, token?.hash ?? null) && token ? { token, standing } : null;
  }

  /** A token by its id, as it stands now; null where it was revoked. */
  async tokenById(tokenId: string): Promise<KnownToken | null> {
    const { tokens } = await this.#current();
    return [...tokens.values()].find(({ id }) => id === tokenId) ?? null;
  }

  async partner(partnerId: string): Promise<KnownPartner | null> {
    return (await this.#current()).partners.get(partnerId) ?? null;
  }

  async #current(): Promise<Snapshot> {
    return this.#at((await this.#parts.end.current()).configVersion);
  }

  /** Never goes back: who asked earlier and is answered later is given what was loaded meanwhile. */
  async #at(version: number): Promise<Snapshot> {
    if (this.#snapshot && this.#snapshot.version >= version) return this.#snapshot;
    if (!this.#loading || this.#loading.version < version) {
      this.#loading = { version, done: this.#read(version) };
    }
    const fresh = await this.#loading.done;
    if (!this.#snapshot || this.#snapshot.version < fresh.version) this.#snapshot = fresh;
    return this.#snapshot;
  }

  /** One that fails is forgotten, so that the next request tries it again. */
  async #read(version: number): Promise<Snapshot> {
    const db = this.#parts.db();
    try {
      return this.#load(version, await loadPartners(db), await loadPartnerTokens(db));
    } catch (error) {
      this.#loading = null;
      throw error;
    }
  }

  #load(version: number, partnerRows: PartnerRow[], tokenRows: PartnerTokenRow[]): Snapshot {
    const partners = new Map(partnerRows.map((row) => [row.partnerId, this.#partner(row)]));
    const tokens = new Map<string, KnownToken>();
    for (const row of tokenRows) {
      const partner = partners.get(row.partnerId);
      if (partner) tokens.set(row.prefix, knownToken(row, partner));
    }
    return { version, partners, tokens };
  }

  #partner(row: PartnerRow): KnownPartner {
    const settings = row.settings as PartnerSettings;
    return {
      id: row.partnerId,
      settings,
      rule: partnerRule(row, this.#parts) ?? NOTHING_ALLOWED,
      allows: compileNetworks(settings.allowed_networks),
    };
  }
}

function knownToken(row: PartnerTokenRow, partner: KnownPartner): KnownToken {
  return {
    id: row.tokenId,
    name: row.name,
    hash: row.hash,
    scopes: row.scopes as TokenScope[],
    expiresAt: row.expiresAt,
    partner,
  };
}
