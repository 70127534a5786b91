import { ownAttributes } from '../../server/src/domain/content-type';
import type { Attributes, ContentSchema } from '../../server/src/domain/content-type';

const seo: Attributes = { title: { type: 'string' }, image: { type: 'media' } };

const article: Attributes = {
  title: { type: 'string' },
  status: { type: 'enumeration', enum: ['open', 'closed'] },
  views: { type: 'integer' },
  price: { type: 'decimal' },
  isbn: { type: 'biginteger' },
  live: { type: 'boolean' },
  day: { type: 'date' },
  embargo: { type: 'datetime' },
  body: { type: 'blocks' },
  author: { type: 'relation', relation: 'manyToOne', target: 'api::article.article' },
  tags: { type: 'relation', relation: 'manyToMany', target: 'api::article.article' },
  seo: { type: 'component', component: 'shared.seo' },
  sections: { type: 'dynamiczone', components: ['shared.seo'] },
};

function contentType(draftAndPublish: boolean, uid: string) {
  const displayName = 'Article';
  const own = ownAttributes(article);
  return { uid, displayName, draftAndPublish, localized: false, attributes: article, own };
}

/** Content types with an attribute of each kind, to show generic events by. */
export const exampleSchema: ContentSchema = {
  contentTypes: {
    'api::article.article': contentType(true, 'api::article.article'),
    'api::note.note': contentType(false, 'api::note.note'),
  },
  components: { 'shared.seo': { attributes: seo, own: ownAttributes(seo) } },
};
