/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) as JSON Schema 2020-12, written from its text. */

const text = { type: 'string' };
const address = { type: 'string', format: 'uri', pattern: '^https?://' };
const instant = { type: 'string', format: 'date-time' };

/** "Custom objects": a name that begins with an underscore and a letter, and has no dot. */
const extensions = { '^_[a-zA-Z][^.]*$': { type: 'object' } };

const authors = {
  type: 'array',
  items: {
    type: 'object',
    properties: { name: text, url: { type: 'string', format: 'uri' }, avatar: address },
    patternProperties: extensions,
    additionalProperties: false,
    // "at least one is required"
    anyOf: [{ required: ['name'] }, { required: ['url'] }, { required: ['avatar'] }],
  },
};

const attachment = {
  type: 'object',
  properties: {
    url: address,
    mime_type: text,
    title: text,
    size_in_bytes: { type: 'number' },
    duration_in_seconds: { type: 'number' },
  },
  patternProperties: extensions,
  additionalProperties: false,
  required: ['url', 'mime_type'],
};

const item = {
  type: 'object',
  properties: {
    id: { type: 'string', minLength: 1 },
    url: address,
    external_url: address,
    title: text,
    content_html: text,
    content_text: text,
    summary: text,
    image: address,
    banner_image: address,
    date_published: instant,
    date_modified: instant,
    authors,
    tags: { type: 'array', items: text },
    language: text,
    attachments: { type: 'array', items: attachment },
  },
  patternProperties: extensions,
  additionalProperties: false,
  required: ['id'],
  // "one or both must be present"
  anyOf: [{ required: ['content_html'] }, { required: ['content_text'] }],
};

export const jsonFeedSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    version: { const: 'https://jsonfeed.org/version/1.1' },
    title: { type: 'string', minLength: 1 },
    home_page_url: address,
    feed_url: address,
    description: text,
    user_comment: text,
    next_url: address,
    icon: address,
    favicon: address,
    authors,
    language: text,
    expired: { type: 'boolean' },
    hubs: {
      type: 'array',
      items: {
        type: 'object',
        properties: { type: text, url: address },
        required: ['type', 'url'],
      },
    },
    items: { type: 'array', items: item },
  },
  patternProperties: extensions,
  additionalProperties: false,
  required: ['version', 'title', 'items'],
};
