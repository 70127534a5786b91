import { expect } from 'vitest';
import { content } from '../../../../config';
import type { ChangeContext, ContentMapping, EventDefinition } from '../../../../config';
import { makePayloads } from '../../../../server/src/flow/make-payload';
import { schema } from './schema';

export const NOW = new Date('2026-03-01T12:00:00.000Z');
export const CHECKSUM = `sha256:${'a'.repeat(64)}`;

export const rendition = (name: string, rest: object = {}) => ({
  id: Math.random(),
  url: `https://cdn.example/${name}.mp4`,
  codec: 'h264',
  container: 'mp4',
  resolution: '1920x1080',
  bitrate: 6_000_000,
  file_size: '2160000000',
  checksum: CHECKSUM,
  ...rest,
});
export const caption = (language: string) => ({
  url: `https://cdn.example/${language}.vtt`,
  language,
  format: 'vtt',
});
export const rights = (rest: object = {}) => ({
  territories: ['GB', 'ie'],
  start_date: '2026-02-01',
  end_date: '2029-01-31',
  license_type: 'exclusive',
  license_id: 'LIC-1',
  ...rest,
});
export const target = (publish_time: string | null) => ({ platform_id: 'player', publish_time });

/** A title with all there is, out since February. */
export const title = (rest: object = {}) => ({
  documentId: 'doc1',
  publishedAt: '2026-01-20T08:00:00.000Z',
  title: 'Rivals: The Franchise',
  content_id: 'NL-RIV-0101',
  synopsis: 'A licence is up for renewal.',
  language: 'en-GB',
  show: { documentId: 'show1', title: 'Rivals', genre: 'drama', publishedAt: '2026-01-01' },
  rights: rights(),
  renditions: [rendition('1080')],
  captions: [caption('en-GB')],
  thumbnails: [{ url: 'https://cdn.example/still.jpg', width: 1920, height: 1080 }],
  monetization: { ad_allowed: true, revenue_share: '0.55', third_party_ads_allowed: false },
  distribution_targets: [target('2026-02-01T06:00:00.000Z')],
  ...rest,
});
export type State = ReturnType<typeof title> | null;

export const MAPPING: ContentMapping = {
  uid: 'api::title.title',
  fields: { genres: 'show.genre' },
  contentType: 'episode',
  approved: { stage: 'Cleared' },
};

export const defined = (mapping: ContentMapping | ContentMapping[] = MAPPING) =>
  content(mapping).define(schema);
export const definitions = defined();
export const definitionOf = (type: string, among = definitions): EventDefinition => {
  const found = among.find((definition) => definition.type === type);
  if (!found) throw new Error(`No ${type}`);
  return found;
};

export const change = (
  before: State,
  after: State,
  rest: Partial<ChangeContext> = {},
): ChangeContext => ({
  uid: 'api::title.title',
  documentId: 'doc1',
  locale: null,
  action: 'update',
  moment: null,
  draftAndPublish: true,
  status: 'published',
  before,
  after,
  changed: [],
  actor: { type: 'system', user_id: null, display_name: null, role: null },
  now: NOW,
  ...rest,
});
/** Types of the events that a change of the published state makes. */
export const types = (given: ChangeContext, among = definitions) =>
  among
    .filter(({ sources }) => sources.some(({ counts }) => counts === given.status))
    .filter((definition) => definition.when(given))
    .map(({ type }) => type);
export const made = (type: string, given: ChangeContext, among = definitions) => {
  const definition = definitionOf(type, among);
  expect(definition.when(given)).toBe(true);
  const [event] = makePayloads(definition, given);
  const { payload, problems, scope } = event!.made;
  return { payload: payload as Record<string, unknown>, problems, scope };
};

/** Rights that were over yesterday. */
export const ended = rights({ end_date: '2026-02-28' });

/** Targets of which the first is to come. */
export const later = { distribution_targets: [target('2026-04-01T06:00:00Z')] };
