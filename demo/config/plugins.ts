import type { Core } from '@strapi/strapi';
import { content, edition, executives, generic, slate } from 'strapi-plugin-newswire/config';

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

const NORDICS = ['SE', 'NO', 'DK', 'FI', 'IS'];
const DACH = ['DE', 'AT', 'CH'];
const IBERIA = ['ES', 'PT'];

/** What people's regions mean in territories: the countries that Northlight does business in. Null is everywhere. */
const REGIONS = {
  Global: null,
  EMEA: ['GB', 'IE', 'FR', 'IT', 'NL', 'BE', 'PL', 'ZA', ...DACH, ...IBERIA, ...NORDICS],
  UK: ['GB'],
  IE: ['IE'],
  Nordics: NORDICS,
  DACH,
  Iberia: IBERIA,
  'North America': ['US', 'CA'],
  LATAM: ['MX', 'BR', 'AR'],
  APAC: ['AU', 'NZ', 'JP', 'KR', 'IN'],
};

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
              signingAuthority: 'signing_authority',
              budgetLimit: 'budget_limit',
            },
            commissionerRoles: ['commissioner'],
            titleRanking: TITLE_RANKING,
            shows: 'commissioned_shows.slug',
            territories: { field: 'scope', regions: REGIONS },
          },
          showLead: {
            uid: 'api::show.show',
            relation: 'show_lead',
            fields: { title: 'title', slug: 'slug' },
          },
          assignments: {
            uid: 'api::role-assignment.role-assignment',
            person: 'person',
            show: 'show',
            role: 'role',
            startDate: 'start_date',
            endDate: 'end_date',
            fields: { title: 'title', slug: 'slug' },
          },
          roles: {
            uid: 'api::executive-role.executive-role',
            fields: { name: 'name', scope: 'scope', effectiveDate: 'effective_date' },
            holder: 'holder',
          },
        }),
        slate({
          slate: {
            uid: 'api::slate.slate',
            fields: { name: 'title', description: 'description', announceDate: 'announce_date' },
            titles: 'titles',
            offers: 'offers',
          },
          title: {
            uid: 'api::title.title',
            fields: { id: 'content_id', name: 'title', genres: 'show.genre' },
          },
          offer: {
            uid: 'api::licence-offer.licence-offer',
            title: 'title',
            slate: 'slate',
            status: { field: 'offer_status', open: ['offered'] },
            terms: {
              internalSku: 'internal_sku',
              primaryContact: 'primary_contact',
              salesRepId: 'sales_rep_id',
              previewUrl: 'preview_url',
              previewExpiry: 'preview_expiry',
              exclusive: 'license_terms.exclusive',
              territories: 'license_terms.territories',
              termLength: 'license_terms.term_length',
              fees: {
                list: 'license_terms.fees',
                basis: 'basis',
                amount: 'amount',
                currency: 'currency',
              },
              windows: {
                list: 'license_terms.windows',
                kind: 'kind',
                startDate: 'start_date',
                endDate: 'end_date',
              },
              formatOptions: {
                list: 'format_options',
                deliveryFormat: 'delivery_format',
                container: 'container',
                requiredAssets: 'required_assets',
              },
            },
          },
          previewMaxDays: 180,
        }),
        edition({
          uid: 'api::edition.edition',
          fields: { name: 'name', start: 'start', end: 'end' },
          titles: 'items.title.content_id',
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
