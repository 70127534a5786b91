import { describe, expect, it } from 'vitest';
import { compilePartnerRule } from '../../../../../server/src/domain/partner-rule';
import { compileShape } from '../../../../../server/src/flow/deliver/shape/shape';
import type { ShapeSettings } from '../../../../../server/src/flow/deliver/shape/shape';
import type { SequencedEvent } from '../../../../../server/src/store/read-event-bodies';
import { bodyOf, EVERYWHERE, makeEvent, makeShaper, PAYLOAD, PLAIN, shaped } from './shaping';

/** A partner in GB, and what the catalogue says of the events here. */
function partnerRule(clearance: 'public' | 'partner' | 'internal') {
  const rights = { clearance, territories: ['GB'], genres: [], content_types: [] };
  return compilePartnerRule({ id: 'fjord', rights, pseudonymKey: Buffer.alloc(32, 1) }, (type) =>
    type === 'content.ready' ? { audience: 'public', personal: ['name'] } : undefined,
  );
}

describe("a partner's shape", () => {
  const toPartner = (
    event: SequencedEvent,
    clearance: 'public' | 'partner' | 'internal',
    settings: Partial<ShapeSettings> = {},
  ) =>
    makeShaper().shaper.request(
      event,
      compileShape({ ...PLAIN, ...settings }, EVERYWHERE, partnerRule(clearance)),
    );
  const { name: _, ...nameless } = PAYLOAD;

  it('shows personal data as its clearance allows, in every form', async () => {
    const event = makeEvent();
    expect(bodyOf(await toPartner(event, 'public'))).toMatchObject({ payload: nameless });
    expect(String(shaped(await toPartner(event, 'public')).body)).not.toContain('Lee Mason');
    expect(bodyOf(await toPartner(event, 'partner'))).toMatchObject({
      payload: { ...PAYLOAD, name: expect.stringMatching(/^pn_/) },
    });
    expect(shaped(await toPartner(event, 'internal')).body).toBe(event.body);
    const transform = "payload.name ? payload.name : 'nobody'";
    expect(bodyOf(await toPartner(event, 'public', { transform }))).toBe('nobody');
    const standard = bodyOf(await toPartner(event, 'public', { body: 'standard' }));
    expect(standard).toMatchObject({ data: nameless });
    const projection = ['$.payload.name', '$.event_id'];
    expect(bodyOf(await toPartner(event, 'public', { projection }))).toEqual({
      event_id: event.eventId,
    });
  });

  it('sends nothing that the partner may not have (any more)', async () => {
    const elsewhere = { territories: ['DE'], genres: null, content_types: null };
    for (const event of [
      { ...makeEvent(), scope: elsewhere },
      { ...makeEvent(), eventType: 'content.gone' },
      { ...makeEvent(), items: { list: 'shows', scopes: [elsewhere, elsewhere] } },
    ]) {
      expect(await toPartner(event, 'internal')).toMatchObject({
        kind: 'permanent',
        errorCode: 'not_for_partner',
      });
    }
  });

  it('has those items alone that both the partner may have and the subscription wants', async () => {
    const scopeOf = (territory: string) => ({
      territories: [territory],
      genres: null,
      content_types: null,
    });
    const items = { list: 'shows', scopes: [scopeOf('DE'), scopeOf('GB')] };
    const made = await toPartner({ ...makeEvent(), items }, 'internal');
    expect(bodyOf(made)).toMatchObject({ payload: { shows: [{ id: 2 }] } });
  });
});
