import { describe, expect, it } from 'vitest';
import { inboundDefinitions } from '../../../../config/presets/inbound';
import { checkPayload } from '../../../../server/src/services/callbacks/payload';

const NOW = new Date('2026-02-01T12:00:00Z');

/** Null where the payload is right, else `path: message` of its faults, or the code of a rule. */
function faultOf(type: string, payload: unknown): { code: string; paths: string[] } | null {
  const definition = inboundDefinitions.find((one) => one.type === type);
  if (!definition) throw new Error(`Nothing defines ${type}`);
  try {
    checkPayload(definition, payload, NOW);
    return null;
  } catch (error) {
    const { details } = error as { details: { code: string; errors: { path: string[] }[] } };
    return { code: details.code, paths: details.errors.map(({ path }) => path.join('.')) };
  }
}

describe('What partners tell', () => {
  it.each([
    ['content.ingested', { content_id: 'a' }],
    ['content.ingested', { content_id: 'a', playback_ids: ['p', { playback_id: 'q' }], url: null }],
    ['content.ingested', { content_id: 'a', publish_date: '2026-02-01', drm: { keys: [1] } }],
    ['content.rejected', { content_id: 'a', reason: 'Too short' }],
    ['content.rejected', { content_id: 'a', failure_codes: ['x'], reason: null }],
    ['license.accepted', { title_id: 'a' }],
    ['license.accepted', { title_id: 'a', territories: ['FR'], license_terms: { fees: [] } }],
    ['content.play', { content_id: 'a' }],
    ['content.play', { items: [{ content_id: 'a', count: 3 }], batch: 'x' }],
    ['ad.impression', { content_id: 'a', campaign_id: 'c' }],
  ])('may be %s %j', (type, payload) => {
    expect(faultOf(type, payload)).toBeNull();
  });

  it.each([
    ['content.ingested', {}, 'payload.content_id'],
    ['content.ingested', { content_id: '' }, 'payload.content_id'],
    ['content.ingested', { content_id: 'a\u0000' }, 'payload.content_id'],
    ['content.ingested', { content_id: 'a'.repeat(101) }, 'payload.content_id'],
    [
      'content.ingested',
      { content_id: 'a', playback_ids: [{}] },
      'payload.playback_ids.0.playback_id',
    ],
    ['content.rejected', { content_id: 'a' }, 'payload.reason'],
    ['content.rejected', { content_id: 'a', failure_codes: [] }, 'payload.failure_codes'],
    ['license.accepted', { content_id: 'a' }, 'payload.title_id'],
    ['content.play', {}, 'payload.content_id'],
    ['content.play', { items: [] }, 'payload.items'],
    ['content.play', { items: [{ content_id: 'a' }, {}] }, 'payload.items.1.content_id'],
    ['content.play', { items: 'all', content_id: 'a' }, 'payload.items'],
    ['content.play', { content_id: 'a', count: 0 }, 'payload.count'],
    ['content.play', { content_id: 'a', count: 1.5 }, 'payload.count'],
    ['content.play', { content_id: 'a', played_at: 'yesterday' }, 'payload.played_at'],
  ])('is not %s %j', (type, payload, path) => {
    const fault = faultOf(type, payload);
    expect(fault?.code).toBe('invalid_body');
    expect(fault?.paths).toContain(path);
  });

  it.each([
    ['license.accepted', { title_id: 'a', territories: ['UK'] }, 'payload.territories.0'],
    [
      'content.play',
      { items: [{ content_id: 'a', territory: 'gb' }] },
      'payload.items.0.territory',
    ],
  ])('keeps to rules: %s %j', (type, payload, path) => {
    const fault = faultOf(type, payload);
    expect(fault?.code).toBe('territory_unknown');
    expect(fault?.paths[0]?.replace(/\[(\d+)\]/g, '.$1')).toBe(path);
  });

  it('is kept whole, with what the schema does not know', () => {
    const [definition] = inboundDefinitions;
    const payload = { content_id: 'a', drm: { keys: [1] } };
    expect(definition?.payload.safeParse(payload)).toMatchObject({ success: true, data: payload });
  });
});
