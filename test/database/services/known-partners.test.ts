import type { Knex } from 'knex';
import { expect, it } from 'vitest';
import { createPartner } from '../../../server/src/contracts/partner';
import { Catalogue } from '../../../server/src/domain/catalogue';
import { LogEnd } from '../../../server/src/flow/feed/log-end';
import { KnownPartners } from '../../../server/src/services/partners/known-partners';
import { PartnerTokens } from '../../../server/src/services/partners/partner-tokens';
import { Partners } from '../../../server/src/services/partners/partners';
import type { Secrets } from '../../../server/src/services/secrets';
import { describeOnEachDatabase } from '../../support/databases';
import { inTransaction, newId, useLog } from '../factory/log';

const ADMIN = { type: 'admin', user_id: '1', display_name: 'A', role: null } as const;

describeOnEachDatabase('Partners and tokens as processes know them', (dialect) => {
  const log = useLog(dialect);
  const clock = { now: () => new Date(), random: () => 0 };
  const secrets = {
    encrypt: (text: string) => text,
    decrypt: (text: string) => (text === 'lost' ? null : text),
  } as unknown as Secrets;
  const catalogue = new Catalogue([], { contentTypes: {}, components: {} });

  const processOf = (db: Knex) => {
    const head = { position: 0, moved: () => undefined };
    const stored = {
      db: () => db,
      transaction: <T>(work: (trx: Knex) => Promise<T>) => inTransaction(db, work),
      newId,
      clock,
      changed: () => undefined,
    };
    return {
      known: new KnownPartners({
        db: () => db,
        end: new LogEnd({ db: () => db, head }),
        secrets,
        catalogue,
      }),
      partners: new Partners({ ...stored, secrets, stateChanged: () => Promise.resolve() }),
      tokens: new PartnerTokens(stored),
    };
  };
  const two = () => log.processes(2).map(processOf) as [Process, Process];
  type Process = ReturnType<typeof processOf>;

  it('are known to every process from the next request on, and gone from the next request on', async () => {
    const [here, there] = two();
    const { id } = await here.partners.create({ name: 'Northstar' });
    expect(await there.known.partner(id)).toMatchObject({ settings: { name: 'Northstar' } });
    const made = await here.tokens.create(id, { name: 'Reader' });
    expect(await there.known.token(made.token)).toMatchObject({
      token: { id: made.id, partner: { id } },
    });
    await here.partners.update(id, { state: 'suspended', rate_per_minute: 5 }, ADMIN);
    expect((await there.known.token(made.token))?.token.partner.settings).toMatchObject({
      state: 'suspended',
      rate_per_minute: 5,
    });
    await there.tokens.revoke(id, made.id);
    expect(await here.known.token(made.token)).toBeNull();
    await there.partners.remove(id);
    expect(await here.known.partner(id)).toBeNull();
  });

  it('are known by the whole token alone', async () => {
    const [here] = two();
    const { id } = await here.partners.create({ name: 'Northstar' });
    const { token } = await here.tokens.create(id, { name: 'Reader' });
    const { token: another } = await here.tokens.create(id, { name: 'Another' });
    for (const wrong of [
      token.slice(0, 16) + another.slice(16),
      token.slice(0, -1),
      `${token}A`,
      token.slice(0, 16),
      '',
    ]) {
      expect(await here.known.token(wrong)).toBeNull();
    }
  });

  it('are read once for all requests that wait, and not at all while nothing changes', async () => {
    const { partners, tokens } = processOf(log.db);
    const { id } = await partners.create({ name: 'Northstar' });
    const { token } = await tokens.create(id, { name: 'Reader' });
    const { known } = processOf(log.db);
    let loads = 0;
    const count = ({ sql }: { sql: string }) => {
      if (/newswire_partner_tokens/.test(sql)) loads += 1;
    };
    log.db.on('query', count);
    try {
      const found = await Promise.all(Array.from({ length: 50 }, () => known.token(token)));
      expect(found.every((one) => one?.token.partner.id === id)).toBe(true);
      await known.token(token);
      expect(loads).toBe(1);
    } finally {
      log.db.off('query', count);
    }
  });

  it('have nothing where the key to their pseudonyms cannot be read', async () => {
    const { partners, known } = processOf(log.db);
    const { id } = await partners.create({ name: 'Northstar' });
    await log
      .db('newswire_partners')
      .where({ partner_id: id })
      .update({ encrypted_pseudonym_key: 'lost' });
    expect((await known.partner(id))?.rule.inScope(null)).toBe(false);
  });

  it('keep what a change does not name, when two change one at once', async () => {
    const [here, there] = two();
    const { id } = await here.partners.create({ name: 'Northstar' });
    await Promise.all([
      here.partners.update(id, { territories: ['NO'] }, ADMIN),
      there.partners.update(id, { genres: ['drama'] }, ADMIN),
      here.partners.update(id, { rate_per_minute: 7 }, ADMIN),
    ]);
    expect(await there.partners.find(id)).toMatchObject(
      createPartner.parse({
        name: 'Northstar',
        territories: ['NO'],
        genres: ['drama'],
        rate_per_minute: 7,
      }),
    );
  });
});
