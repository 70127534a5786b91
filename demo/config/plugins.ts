import type { Core } from '@strapi/strapi';
import { content, executives, generic } from 'strapi-plugin-newswire/config';

/** Titles of commissioners, lowest first: a step up this list is a promotion, a step down is not. */
const TITLE_RANKING = [
  'Commissioning Editor',
  'Commissioning Editor, Factual',
  'Commissioning Editor, Documentaries',
  'Senior Commissioning Editor',
  'Senior Commissioning Editor, Comedy',
  'Head of Drama',
  'Head of Scripted',
  'Executive Director, Scripted Originals',
  'VP, Scripted',
  'SVP, Scripted',
  'Chief Content Officer',
];

const config = ({ env }: Core.Config.Shared.ConfigParams): Core.Config.Plugin => ({
  'users-permissions': { config: { jwtSecret: env('JWT_SECRET') } },
  newswire: {
    enabled: true,
    config: {
      producerId: 'northlight-cms',
      presets: [
        executives({
          person: {
            uid: 'api::person.person',
            fields: {
              name: 'name',
              title: 'title',
              role: 'executive_role',
              scope: 'scope',
              effectiveDate: 'effective_date',
              profileUrl: 'profile_url',
              contractsUrl: 'contracts_url',
            },
            commissionerRoles: ['commissioner'],
            titleRanking: TITLE_RANKING,
            shows: 'commissioned_shows.slug',
          },
          showLead: {
            uid: 'api::show.show',
            relation: 'show_lead',
            fields: { title: 'title', slug: 'slug' },
          },
        }),
        // Attributes that are named as in the events, such as renditions with their url and checksum, are found by themselves.
        content({
          uid: 'api::title.title',
          fields: { genres: 'show.genre', contentType: 'kind' },
          ready: {
            requiredRenditions: [{ container: 'mp4', resolution: '1920x1080' }],
            requiredCaptions: ['en'],
            requiredThumbnails: 1,
          },
          approved: { field: 'review_status', value: 'approved', counts: 'draft' },
        }),
        generic({ contentTypes: '*' }),
      ],
      // The demo's receiver listens on the loopback interface, without TLS. A real installation leaves this out.
      network:
        env('NEWSWIRE_DEMO_STRICT') === '1'
          ? {}
          : { allowHttp: true, allow: ['127.0.0.0/8', '::1/128'] },
    },
  },
});

export default config;
