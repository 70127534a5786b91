import { ownAttributes } from '../../../../server/src/domain/content-type';
import type { Attributes, ContentSchema } from '../../../../server/src/domain/content-type';

const scalars = (...names: string[]): Attributes =>
  Object.fromEntries(names.map((name) => [name, { type: 'string' }]));

const component = (uid: string, repeatable = false) => ({
  type: 'component',
  component: uid,
  repeatable,
});

const withOwn = (attributes: Attributes) => ({ attributes, own: ownAttributes(attributes) });

const type = (uid: string, attributes: Attributes, draftAndPublish = true) => ({
  uid,
  displayName: uid,
  draftAndPublish,
  localized: false,
  ...withOwn({ ...scalars('documentId', 'publishedAt', 'locale'), ...attributes }),
});

/** An application with titles as the payload has them, and films whose fields have other names and places. */
export const schema: ContentSchema = {
  contentTypes: Object.fromEntries(
    [
      type('api::title.title', {
        ...scalars('title', 'content_id', 'synopsis', 'language', 'review', 'notes', 'secret'),
        secret: { type: 'password' },
        show: { type: 'relation', target: 'api::show.show' },
        rights: component('rights.window'),
        renditions: component('media.rendition', true),
        captions: component('media.caption', true),
        thumbnails: component('media.thumbnail', true),
        monetization: component('commerce.monetization'),
        distribution_targets: component('distribution.target', true),
        strapi_stage: { type: 'relation', target: 'plugin::review-workflows.workflow-stage' },
      }),
      type('api::film.film', {
        ...scalars('name', 'lang', 'from', 'until', 'out_at'),
        territories: { type: 'relation', target: 'api::territory.territory' },
        masters: { type: 'media', multiple: true },
        subtitles: component('film.subtitle', true),
        poster: { type: 'media' },
      }),
      type('api::show.show', { ...scalars('title', 'genre') }),
      type('api::territory.territory', { ...scalars('code') }, false),
      type(
        'plugin::upload.file',
        scalars('name', 'url', 'ext', 'size', 'width', 'height', 'caption'),
        false,
      ),
      type('plugin::review-workflows.workflow-stage', scalars('name'), false),
    ].map((shape) => [shape.uid, shape]),
  ),
  components: {
    'rights.window': withOwn(
      scalars('territories', 'start_date', 'end_date', 'license_type', 'license_id'),
    ),
    'media.rendition': withOwn(
      scalars('url', 'codec', 'resolution', 'bitrate', 'file_size', 'checksum', 'container'),
    ),
    'media.caption': withOwn(scalars('url', 'language', 'format')),
    'media.thumbnail': withOwn(scalars('url', 'width', 'height')),
    'commerce.monetization': withOwn(
      scalars('ad_allowed', 'revenue_share', 'third_party_ads_allowed'),
    ),
    'distribution.target': withOwn(scalars('platform_id', 'channel_id', 'publish_time')),
    'film.subtitle': withOwn({ ...scalars('language'), file: { type: 'media' } }),
  },
};
