import type { Content, Rendition } from './payload';

const rendition: Rendition = {
  url: 'https://cdn.northlight.example/nl-riv-0101/1080.mp4',
  codec: 'h264',
  resolution: '1920x1080',
  bitrate: 6_000_000,
  file_size: 2_160_000_000,
  checksum: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  container: 'mp4',
};

const content: Content = {
  content_id: 'NL-RIV-0101',
  title: 'Rivals: The Franchise',
  language: 'en-GB',
  synopsis: 'Corinium’s licence is up for renewal, and a newcomer has bought the house next door.',
  rights: {
    territories: ['GB', 'IE'],
    start_date: '2026-02-01',
    end_date: '2029-01-31',
    license_type: 'exclusive',
    license_id: 'LIC-RIV-0101',
  },
  renditions: [rendition],
  captions: [
    {
      language: 'en-GB',
      url: 'https://cdn.northlight.example/nl-riv-0101/captions/en-GB.vtt',
      format: 'vtt',
    },
  ],
  thumbnails: [
    { url: 'https://cdn.northlight.example/nl-riv-0101/still.jpg', width: 1920, height: 1080 },
  ],
  monetization: { ad_allowed: true, revenue_share: 0.55, third_party_ads_allowed: false },
  distribution_targets: [
    {
      platform_id: 'northlight-player',
      channel_id: 'rivals',
      publish_time: '2026-02-01T06:00:00.000Z',
    },
  ],
};

const { content_id, title, language, rights, captions, distribution_targets } = content;
const heading = { content_id, title, language };

/** Payloads of the content preset as they may look. */
export const examples = {
  content,
  withdrawn: { ...heading, reason: 'rights_ended' as const, rights, distribution_targets },
  rights: {
    ...heading,
    rights: rights && { ...rights, territories: ['GB', 'IE', 'FR'] },
    previous_rights: rights,
  },
  renditions: { ...heading, renditions: [rendition] },
  captions: { ...heading, captions },
};
