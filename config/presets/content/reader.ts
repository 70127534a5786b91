import type { DocumentState } from '../../../server/src/domain/change';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { GivenScope } from '../../../server/src/domain/scope';
import { endInstantOf, instantOf } from '../../instants';
import type { FullContentMapping } from './mapping';
import type { Content } from './payload';
import { fieldReader, groupReader } from '../field-group';
import type { GroupMapping, GroupSpec } from '../field-group';
import type { PopulateTree } from '../field-path';
import { valueOf } from '../field-values';
import { contentTypeOf } from '../mapping';

const SPECS = {
  rights: {
    territories: { option: 'territories', kind: 'territories' },
    start_date: { option: 'startDate', kind: 'date' },
    end_date: { option: 'endDate', kind: 'date' },
    license_type: { option: 'licenseType', kind: 'text' },
    license_id: { option: 'licenseId', kind: 'text' },
  },
  renditions: {
    url: { option: 'url', kind: 'address' },
    codec: { option: 'codec', kind: 'text' },
    resolution: { option: 'resolution', kind: 'text' },
    bitrate: { option: 'bitrate', kind: 'number' },
    file_size: { option: 'fileSize', kind: 'integer' },
    checksum: { option: 'checksum', kind: 'text' },
    container: { option: 'container', kind: 'text' },
  },
  captions: {
    language: { option: 'language', kind: 'text' },
    url: { option: 'url', kind: 'address' },
    format: { option: 'format', kind: 'text' },
  },
  thumbnails: {
    url: { option: 'url', kind: 'address' },
    width: { option: 'width', kind: 'integer' },
    height: { option: 'height', kind: 'integer' },
  },
  monetization: {
    ad_allowed: { option: 'adAllowed', kind: 'boolean' },
    revenue_share: { option: 'revenueShare', kind: 'number' },
    third_party_ads_allowed: { option: 'thirdPartyAdsAllowed', kind: 'boolean' },
  },
  distribution_targets: {
    platform_id: { option: 'platformId', kind: 'text' },
    channel_id: { option: 'channelId', kind: 'text' },
    publish_time: { option: 'publishTime', kind: 'date' },
  },
} as const satisfies Record<string, GroupSpec>;

/** All that the content preset wants to know of one state of a title. */
export interface ContentView {
  content: Content;
  scope: GivenScope;
  /** When it is to be out; null where nothing says so: as soon as it is published. */
  publishAt: Date | null;
  /** When its rights are over; null where they have no end. */
  rightsEnd: Date | null;
}

export interface ContentReader {
  trees: PopulateTree[];
  /** Which groups the mapping has found. */
  has: Readonly<Record<keyof typeof SPECS, boolean>>;
  view(state: DocumentState): ContentView;
}

/**
 * Reads titles of one content type as the mapping says.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function contentReader(schema: ContentSchema, mapping: FullContentMapping): ContentReader {
  const preset = 'content preset';
  const type = contentTypeOf(schema, `${preset}, uid`, mapping.uid);
  const { addressBase, fields = {} } = mapping;
  const one = (option: keyof typeof fields, name: string) =>
    fieldReader(schema, type, `${preset}, fields.${option}`, { path: fields[option], name });
  const group = (
    option: string,
    name: keyof typeof SPECS,
    given: GroupMapping | null | undefined,
  ) =>
    groupReader(schema, type, {
      option: `${preset}, ${option}`,
      name,
      spec: SPECS[name],
      mapping: given,
      addressBase,
    });

  const readers = {
    contentId: one('contentId', 'content_id'),
    title: one('title', 'title'),
    synopsis: one('synopsis', 'synopsis'),
    language: one('language', 'language'),
    genres: fields.genres === undefined ? null : one('genres', fields.genres),
    contentType: fields.contentType === undefined ? null : one('contentType', fields.contentType),
    publishTime: fields.publishTime === undefined ? null : one('publishTime', fields.publishTime),
  };
  if (!readers.title) {
    throw new Error(
      `${preset}, fields.title: ${type.uid} has no attribute "title"; say where the title is`,
    );
  }
  const groups = {
    rights: group('rights', 'rights', mapping.rights),
    renditions: group('renditions', 'renditions', mapping.renditions),
    captions: group('captions', 'captions', mapping.captions),
    thumbnails: group('thumbnails', 'thumbnails', mapping.thumbnails),
    monetization: group('monetization', 'monetization', mapping.monetization),
    distribution_targets: group(
      'distributionTargets',
      'distribution_targets',
      mapping.distributionTargets,
    ),
  };

  const view = (state: DocumentState): ContentView => {
    const draft = (state['publishedAt'] ?? null) === null;
    const read = (name: keyof typeof readers, kind: 'text' | 'date' | 'words') => {
      const reader = readers[name];
      return reader && valueOf(kind, reader.values(state, draft));
    };
    const rows = (name: keyof typeof groups) => groups[name]?.read(state) ?? [];
    const locale = type.localized ? (state['locale'] ?? null) : null;
    // What a path led to may be anything: the payload's schema is asked before it is sent.
    const content = {
      content_id: read('contentId', 'text') ?? state['documentId'],
      title: read('title', 'text'),
      language: read('language', 'text') ?? locale,
      synopsis: read('synopsis', 'text'),
      rights: rows('rights')[0] ?? null,
      renditions: rows('renditions').filter(({ url }) => url !== null),
      captions: rows('captions').filter(({ url }) => url !== null),
      thumbnails: rows('thumbnails').filter(({ url }) => url !== null),
      monetization: rows('monetization')[0] ?? null,
      distribution_targets: rows('distribution_targets').filter(
        ({ platform_id }) => platform_id !== null,
      ),
    } as Content;
    const kinds = read('contentType', 'words') as string[] | null;
    const fixed = mapping.contentType === undefined ? null : [mapping.contentType];
    return {
      content,
      scope: {
        territories: groups.rights ? (content.rights?.territories ?? []) : null,
        genres: read('genres', 'words') as string[] | null,
        content_types: kinds && kinds.length > 0 ? kinds : (fixed ?? kinds),
      },
      publishAt: readers.publishTime
        ? instantOf(read('publishTime', 'date'))
        : earliest(content.distribution_targets.map((target) => target.publish_time)),
      rightsEnd: endInstantOf(content.rights?.end_date, mapping.rights?.endDate),
    };
  };

  const remembered = new WeakMap<DocumentState, ContentView>();
  return {
    trees: [...Object.values(readers), ...Object.values(groups)].flatMap((reader) =>
      reader === null ? [] : 'trees' in reader ? reader.trees : [reader.tree],
    ),
    has: Object.fromEntries(
      Object.entries(groups).map(([name, reader]) => [name, reader !== null]),
    ) as ContentReader['has'],
    view(state) {
      // Nine definitions ask for the same two states.
      const known = remembered.get(state) ?? view(state);
      remembered.set(state, known);
      return known;
    },
  };
}

function earliest(times: readonly (string | null)[]): Date | null {
  const instants = times.map(instantOf).filter((instant) => instant !== null);
  return instants.length > 0
    ? new Date(Math.min(...instants.map((instant) => instant.getTime())))
    : null;
}
