import { createHash } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import { upToDate } from './dates';
import { PEOPLE } from './people';
import { ROLES } from './roles';
import { EDITIONS, OFFERS, SLATES, type Offer } from './sales';
import { ASSIGNMENTS, SHOWS } from './shows';
import { TITLES, type Title } from './titles';

type Uid = Parameters<Core.Strapi['documents']>[0];
type Values = Record<string, unknown>;
/** From the key in the data (a slug, a content id) to the document's id. */
type Ids = Map<string, string>;

const CDN = 'https://cdn.northlight.example';

/** Writes all of Northlight through the document service, as an editor would, in order of dependence. */
export async function createContent(strapi: Core.Strapi): Promise<void> {
  const people = await createPeople(strapi);
  await createRoles(strapi, people);
  const shows = await createShows(strapi, people);
  await createAssignments(strapi, people, shows);
  const titles = await createTitles(strapi, shows);
  await createSales(strapi, titles);
  await createEditions(strapi, titles);
}

async function createEditions(strapi: Core.Strapi, titles: Ids): Promise<void> {
  for (const { items, ...edition } of upToDate(EDITIONS, new Date())) {
    const slots = items.map(([slot, title]) => ({ slot, title: idIn(titles, title) }));
    await publish(strapi, 'api::edition.edition', { ...edition, items: slots });
  }
}

async function createPeople(strapi: Core.Strapi): Promise<Ids> {
  const ids: Ids = new Map();
  for (const [slug, person] of Object.entries(PEOPLE)) {
    const values = {
      ...person,
      slug,
      email: `${slug.replace('-', '.')}@northlight.example`,
      profile_url: `https://cms.northlight.example/people/${slug}`,
      contracts_url: `https://contracts.northlight.example/api/contracts?owner=${slug}`,
    };
    ids.set(slug, await create(strapi, 'api::person.person', values));
  }
  return ids;
}

async function createRoles(strapi: Core.Strapi, people: Ids): Promise<void> {
  for (const role of ROLES) {
    const holder = idIn(people, role.holder);
    await create(strapi, 'api::executive-role.executive-role', { ...role, holder });
  }
}

async function createShows(strapi: Core.Strapi, people: Ids): Promise<Ids> {
  const ids: Ids = new Map();
  for (const [slug, show] of Object.entries(SHOWS)) {
    const values = {
      ...show,
      slug,
      commissioner: idIn(people, show.commissioner),
      show_lead: 'show_lead' in show ? idIn(people, show.show_lead) : null,
    };
    ids.set(slug, await publish(strapi, 'api::show.show', values));
  }
  return ids;
}

async function createAssignments(strapi: Core.Strapi, people: Ids, shows: Ids): Promise<void> {
  for (const [person, show, role, start_date, end_date] of ASSIGNMENTS) {
    await create(strapi, 'api::role-assignment.role-assignment', {
      label: `${SHOWS[show].title} · ${role.replace('_', ' ')}`,
      person: idIn(people, person),
      show: idIn(shows, show),
      role,
      start_date,
      end_date: end_date ?? null,
    });
  }
}

async function createTitles(strapi: Core.Strapi, shows: Ids): Promise<Ids> {
  const ids: Ids = new Map();
  for (const [contentId, title] of Object.entries(upToDate(TITLES, new Date()))) {
    const values = titleValues(contentId, title, idIn(shows, title.show));
    const write = title.draft ? create : publish;
    const documentId = await write(strapi, 'api::title.title', values);
    ids.set(contentId, documentId);
    if (title.german && !title.draft) {
      const german: Values = { ...values, ...title.german };
      await strapi
        .documents('api::title.title')
        .update({ documentId, locale: 'de', data: german, status: 'published' });
    }
  }
  return ids;
}

function titleValues(contentId: string, title: Title, show: string): Values {
  const folder = `${CDN}/${contentId.toLowerCase()}`;
  const [start_date, end_date] = title.rights;
  return {
    content_id: contentId,
    title: title.title,
    synopsis: title.synopsis,
    language: title.language ?? 'en-GB',
    kind: title.kind ?? 'episode',
    review_status: title.draft ? 'in_progress' : 'approved',
    show,
    rights: {
      territories: title.territories,
      start_date,
      end_date,
      license_type: title.license_type ?? 'non-exclusive',
      license_id: `LIC-${contentId.slice(3)}`,
    },
    monetization: { ad_allowed: true, third_party_ads_allowed: false, revenue_share: 0.55 },
    renditions: [
      rendition(`${folder}/1080.mp4`, { resolution: '1920x1080', bitrate: 6_000_000 }),
      rendition(`${folder}/2160.mp4`, { resolution: '3840x2160', bitrate: 18_000_000 }),
    ],
    captions: title.captions.map((language) => ({
      url: `${folder}/captions/${language}.vtt`,
      language,
      format: 'vtt',
    })),
    thumbnails: [{ url: `${folder}/still.jpg`, width: 1920, height: 1080 }],
    distribution_targets: [
      {
        platform_id: 'northlight-player',
        channel_id: title.show,
        publish_time: `${start_date}T06:00:00.000Z`,
      },
    ],
  };
}

/** 48 minutes at the given bitrate. */
function rendition(url: string, video: { resolution: string; bitrate: number }): Values {
  return {
    url,
    ...video,
    codec: video.resolution === '3840x2160' ? 'h265' : 'h264',
    container: 'mp4',
    file_size: Math.round((video.bitrate / 8) * 48 * 60),
    checksum: `sha256:${createHash('sha256').update(url).digest('hex')}`,
  };
}

async function createSales(strapi: Core.Strapi, titles: Ids): Promise<void> {
  const slates: Ids = new Map();
  for (const [slug, slate] of Object.entries(upToDate(SLATES, new Date()))) {
    const values = { ...slate, slug, titles: slate.titles.map((title) => idIn(titles, title)) };
    slates.set(slug, await publish(strapi, 'api::slate.slate', values));
  }
  for (const [sku, offer] of Object.entries(upToDate(OFFERS, new Date()))) {
    await create(strapi, 'api::licence-offer.licence-offer', {
      ...offerValues(sku, offer),
      title: idIn(titles, offer.title),
      slate: idIn(slates, offer.slate),
    });
  }
}

function offerValues(sku: string, offer: Offer): Values {
  const { exclusive, territories, term_length, fee: amount, currency } = offer;
  return {
    internal_sku: sku,
    offer_status: offer.offer_status,
    license_terms: {
      exclusive,
      territories,
      term_length,
      fees: [{ basis: 'licence', amount, currency }],
      windows: offer.windows.map(([kind, start_date, end_date]) => ({
        kind,
        start_date,
        end_date,
      })),
    },
    format_options: [
      {
        delivery_format: 'prores_422_hq',
        container: 'mov',
        required_assets: ['master', 'trailer', 'captions', 'artwork'],
      },
      { delivery_format: 'mezzanine_h264', container: 'mp4', required_assets: ['master'] },
    ],
    preview_url: `https://screeners.northlight.example/${sku.toLowerCase()}`,
    preview_expiry: offer.preview_expiry,
    primary_contact: PEOPLE['sofia-marchetti'].name,
    sales_rep_id: offer.sales_rep_id,
  };
}

/** Without draft and publish: the entry. With it: a draft. */
async function create(strapi: Core.Strapi, uid: Uid, data: Values): Promise<string> {
  return (await strapi.documents(uid).create({ data })).documentId;
}

async function publish(strapi: Core.Strapi, uid: Uid, data: Values): Promise<string> {
  return (await strapi.documents(uid).create({ data, status: 'published' })).documentId;
}

function idIn(ids: Ids, key: string): string {
  const id = ids.get(key);
  if (id === undefined) {
    throw new Error(`The demo's data names "${key}", which it does not have`);
  }
  return id;
}
