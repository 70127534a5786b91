import { z } from 'zod';
import type { Rendition } from './payload';

const path = z.string().min(1).max(200);

/** Where a field is; null: nowhere. Left out: in the attribute of the payload's name, where there is one. */
const field = path.nullable().optional();

/** Where a group of fields is: a component, a relation or media. */
const at = path.nullable().optional();

/** What a rendition must be like: the values of some of its fields, or a function that says so. */
const requiredRendition = z.union([
  z.custom<(rendition: Rendition) => boolean>((value) => typeof value === 'function'),
  z.partialRecord(
    z.enum(['codec', 'container', 'resolution', 'bitrate', 'file_size', 'checksum', 'url']),
    z.union([z.string(), z.number()]),
  ),
]);

/**
 * How the content preset finds a title, its rights and its files in a content type of the user's. Everything but `uid` may be
 * left out where attributes are named as in the payload (`title`, `rights`, `renditions` with `url`, `codec` …).
 *
 * A field is an attribute's name, or a path through relations, components and media: `show.genre`. A path that ends at media is
 * the file's address. A group (`rights`, `renditions` …) is a component, a relation or a media field named by `at`; with
 * `at: null` its fields are the content type's own; a group that is null there is none of.
 */
export const contentMapping = z.strictObject({
  uid: path,
  fields: z
    .strictObject({
      /** The id that partners know. Default: the attribute `content_id`; where there is none, the document's id. */
      contentId: field,
      title: field,
      synopsis: field,
      /** BCP 47. Where there is none, of a localised type, the locale. */
      language: field,
      /** For subscriptions and partners that filter by genre, e.g. `show.genre`. */
      genres: path.optional(),
      /** The same of the kind of content, e.g. an enumeration of `film` and `episode`. */
      contentType: path.optional(),
      /** When it is to be out. Default: the earliest `publish_time` of the distribution targets. */
      publishTime: path.optional(),
    })
    .optional(),
  /** The kind of content where it is the same for all of them: `episode`. */
  contentType: z.string().min(1).max(200).optional(),
  rights: z
    .strictObject({
      at,
      fields: z
        .strictObject({
          territories: field,
          startDate: field,
          endDate: field,
          licenseType: field,
          licenseId: field,
        })
        .optional(),
      /**
       * When rights end whose last day is a date without time: `inclusive` (default), at midnight UTC after it;
       * `exclusive`, at midnight before it.
       */
      endDate: z.enum(['inclusive', 'exclusive']).default('inclusive'),
    })
    .nullable()
    .optional(),
  renditions: z
    .strictObject({
      at,
      fields: z
        .strictObject({
          url: field,
          codec: field,
          resolution: field,
          bitrate: field,
          fileSize: field,
          checksum: field,
          container: field,
        })
        .optional(),
    })
    .nullable()
    .optional(),
  captions: z
    .strictObject({
      at,
      fields: z.strictObject({ language: field, url: field, format: field }).optional(),
    })
    .nullable()
    .optional(),
  thumbnails: z
    .strictObject({
      at,
      fields: z.strictObject({ url: field, width: field, height: field }).optional(),
    })
    .nullable()
    .optional(),
  monetization: z
    .strictObject({
      at,
      fields: z
        .strictObject({ adAllowed: field, revenueShare: field, thirdPartyAdsAllowed: field })
        .optional(),
    })
    .nullable()
    .optional(),
  distributionTargets: z
    .strictObject({
      at,
      fields: z
        .strictObject({ platformId: field, channelId: field, publishTime: field })
        .optional(),
    })
    .nullable()
    .optional(),
  /** Put before addresses that begin with `/`, as those of Strapi's own uploads do: `https://cms.example`. */
  addressBase: z.url({ protocol: /^https?$/ }).optional(),
  /** What has to be there before content is ready. */
  ready: z
    .strictObject({
      /** Each must be met by a rendition. Default: any rendition. */
      requiredRenditions: z.array(requiredRendition).max(50).optional(),
      /** Languages of which there must be captions; `en` is met by `en-GB`. Default: none. */
      requiredCaptions: z.array(z.string().min(1)).max(100).default([]),
      /** How many thumbnails there must be. Default: none. */
      requiredThumbnails: z.number().int().min(0).max(100).default(0),
      /** Whether there must be rights for a territory at least. Default: true where rights are mapped. */
      requireRights: z.boolean().optional(),
    })
    .prefault({}),
  /**
   * When content is approved: its review stage (Review Workflows, a feature of Strapi's paid editions) or a field has come to
   * this value. `counts` says of which state: `draft`, which is the default of a stage, or `published`, which is that of a
   * field. Payloads of `draft` are of drafts: what is approved there leaves the house before it is published. Left out, there
   * is no `content.approved`.
   */
  approved: z
    .union([
      z.strictObject({
        stage: z.string().min(1),
        counts: z.enum(['draft', 'published']).optional(),
      }),
      z.strictObject({
        field: path,
        value: z.union([z.string(), z.boolean()]),
        counts: z.enum(['draft', 'published']).optional(),
      }),
    ])
    .optional(),
});

/** As a user writes it. */
export type ContentMapping = z.input<typeof contentMapping>;

/** With its defaults. */
export type FullContentMapping = z.output<typeof contentMapping>;
