import { z } from 'zod';

const text = z.string().min(1);
/** A day, or a time with its zone. */
const date = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const rights = z.strictObject({
  territories: z.array(text).describe('ISO 3166-1 alpha-2'),
  start_date: date.nullable().describe('A day without time begins at midnight UTC'),
  end_date: date.nullable().describe('The last day, or a time'),
  license_type: text.nullable(),
  license_id: text.nullable(),
});

const rendition = z.strictObject({
  url: text,
  codec: text.nullable(),
  resolution: text.nullable().describe('Width x height: 1920x1080'),
  bitrate: z.number().min(0).nullable().describe('Bits per second'),
  file_size: z.number().int().min(0).nullable().describe('Bytes'),
  checksum: text
    .nullable()
    .describe('The algorithm, a colon, hexadecimal digits; or the digits alone'),
  container: text.nullable(),
});

const caption = z.strictObject({
  language: text.nullable().describe('BCP 47'),
  url: text,
  format: text.nullable(),
});

const thumbnail = z.strictObject({
  url: text,
  width: z.number().int().min(0).nullable(),
  height: z.number().int().min(0).nullable(),
});

const monetization = z.strictObject({
  ad_allowed: z.boolean().nullable(),
  revenue_share: z.number().nullable(),
  third_party_ads_allowed: z.boolean().nullable(),
});

const distributionTarget = z.strictObject({
  platform_id: text,
  channel_id: text.nullable(),
  publish_time: date.nullable().describe('When it goes live there'),
});

const heading = {
  content_id: text.describe('The id that partners know the content by'),
  title: text,
  language: text.nullable().describe('BCP 47'),
};

const content = z.strictObject({
  ...heading,
  synopsis: z.string().nullable(),
  rights: rights.nullable(),
  renditions: z.array(rendition),
  captions: z.array(caption),
  thumbnails: z.array(thumbnail),
  monetization: monetization.nullable(),
  distribution_targets: z.array(distributionTarget),
});

/** Why content is withdrawn. */
const withdrawal = z.enum(['unpublished', 'deleted', 'rights_ended']);

/** Payload schemas of the content preset. */
export const payloads = {
  content,
  withdrawn: z.strictObject({
    ...heading,
    reason: withdrawal,
    rights: rights.nullable().describe('As they were; null where they cannot be told'),
    distribution_targets: z.array(distributionTarget),
  }),
  rights: z.strictObject({
    ...heading,
    rights: rights.nullable().describe('Null where there are none any more'),
    previous_rights: rights.nullable(),
  }),
  renditions: z.strictObject({ ...heading, renditions: z.array(rendition).min(1) }),
  captions: z.strictObject({ ...heading, captions: z.array(caption).min(1) }),
} as const;

/** What of a withdrawal fits its schema: it must get out whatever else is wrong with the record. */
export function sound(content: Content): Pick<Content, 'rights' | 'distribution_targets'> {
  return {
    rights: rights.safeParse(content.rights).success ? content.rights : null,
    distribution_targets: content.distribution_targets.filter(
      (target) => distributionTarget.safeParse(target).success,
    ),
  };
}

/** What a payload says of a title, as far as it could be read; the schema has the last word. */
export type Content = z.input<typeof content>;
export type Rights = z.input<typeof rights>;
export type Rendition = z.input<typeof rendition>;
export type Caption = z.input<typeof caption>;
export type Withdrawal = z.input<typeof withdrawal>;
