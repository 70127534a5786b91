/** `config/plugins` of the Strapi that is measured. */
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');
const { defineEvent } = require(path.join(root, 'dist', 'config'));
const { z } = require('zod');

const uid = 'api::slate.slate';

const saved = (type, counts) =>
  defineEvent({
    type,
    version: '1.0.0',
    summary: 'A slate was written.',
    source: { uid, counts },
    audience: 'partner',
    payload: z.strictObject({ title: z.string(), description: z.string().nullable() }),
    when: (change) => change.after !== null,
    build: ({ after }) => ({ title: after.title, description: after.description ?? null }),
  });

module.exports = (role) => ({
  'users-permissions': { config: { jwtSecret: process.env.JWT_SECRET } },
  newswire:
    role === 'off'
      ? { enabled: false }
      : {
          enabled: true,
          config: {
            producerId: 'bench',
            role,
            presets: [],
            events: [saved('slate.saved', 'draft'), saved('slate.published', 'published')],
            // One token reads for all of them.
            feeds: { maxOpenPerToken: 5_000 },
            network: { allowHttp: true, allow: ['127.0.0.0/8'] },
          },
        },
});
