import type { EventDefinition } from '../../../server/src/domain/definition';
import { territoryCodes } from '../../rules';
import { toDefinition } from '../../to-definition';
import { consumptionItem, replyItem } from './feed-items';
import { impressions, plays } from './consumption';
import { accepted, ingested, rejected, SAYS_WHY } from './replies';

/** What partners may tell us of, by `POST /callbacks`. */
export const INBOUND_TYPES = [
  'content.ingested',
  'content.rejected',
  'license.accepted',
  'content.play',
  'ad.impression',
] as const;
export type InboundType = (typeof INBOUND_TYPES)[number];

export function isInbound(eventType: string): eventType is InboundType {
  return (INBOUND_TYPES as readonly string[]).includes(eventType);
}

/** No change of content makes them: a callback does. */
const received = {
  version: '1.0.0',
  audience: 'partner',
  source: [],
  changelog: [{ version: '1.0.0', changes: ['First version.'] }],
  when: () => false,
} as const;
const nothing = () => ({}) as never;

/** The definitions of what partners answer and report; always in the catalogue. */
export const inboundDefinitions: EventDefinition[] = [
  toDefinition({
    ...received,
    type: 'content.ingested',
    feedItem: replyItem,
    summary: 'A partner has taken in the content that it was sent.',
    payload: ingested,
    examples: [
      {
        content_id: 'NL-HBL-0101',
        playback_ids: [{ platform_id: 'streamly-uk', playback_id: 'pb_88121' }],
        publish_date: '2026-02-01',
        url: 'https://streamly.example/watch/pb_88121',
      },
    ],
    build: nothing,
  }),
  toDefinition(
    {
      ...received,
      type: 'content.rejected',
      feedItem: replyItem,
      summary: 'A partner has refused the content that it was sent.',
      payload: rejected,
      examples: [
        {
          content_id: 'NL-HBL-0101',
          reason: 'The captions end four minutes before the picture does',
          failure_codes: ['captions_incomplete'],
        },
      ],
      build: nothing,
    },
    {
      override: ({ jsonSchema, zodSchema }) => {
        if (zodSchema === rejected) jsonSchema.not = SAYS_WHY;
      },
    },
  ),
  toDefinition({
    ...received,
    type: 'license.accepted',
    feedItem: replyItem,
    summary: 'A partner has accepted a licence that it was offered.',
    payload: accepted,
    personal: ['accepted_by'],
    rules: [territoryCodes('territories')],
    examples: [
      {
        title_id: 'NL-HBL-0101',
        territories: ['FR'],
        license_terms: { exclusive: true },
        accepted_by: 'Inès Marchand',
        reference: 'STR-2026-0417',
      },
    ],
    build: nothing,
  }),
  toDefinition({
    ...received,
    type: 'content.play',
    feedItem: consumptionItem,
    summary: 'A partner reports plays of our content: one report, or up to 1,000 of them.',
    payload: plays,
    rules: [territoryCodes('territory', 'items[].territory')],
    examples: [
      {
        content_id: 'NL-HBL-0101',
        played_at: '2026-02-01T20:14:00Z',
        territory: 'FR',
        platform_id: 'streamly-fr',
        duration_seconds: 2_710,
      },
      {
        items: [
          { content_id: 'NL-HBL-0101', played_at: '2026-02-01T00:00:00Z', count: 1_812 },
          { content_id: 'NL-HBL-0102', played_at: '2026-02-01T00:00:00Z', count: 1_590 },
        ],
      },
    ],
    build: nothing,
  }),
  toDefinition({
    ...received,
    type: 'ad.impression',
    feedItem: consumptionItem,
    summary:
      'A partner reports advertisements shown with our content: one report, or up to 1,000 of them.',
    payload: impressions,
    rules: [territoryCodes('territory', 'items[].territory')],
    examples: [
      {
        content_id: 'NL-HBL-0101',
        shown_at: '2026-02-01T20:31:00Z',
        campaign_id: 'spring-26',
        count: 3,
      },
    ],
    build: nothing,
  }),
].map((definition) => ({ ...definition, fromPartners: true }));
