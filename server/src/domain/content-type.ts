/** What Newswire needs to know of a Strapi content type or component schema. */
export interface AttributeShape {
  type: string;
  /** Uid of a relation's target. */
  target?: string;
  relation?: string;
  mappedBy?: string;
  /** Uid of a component attribute's component. */
  component?: string;
  /** Uids of the components that a dynamic zone may hold. */
  components?: string[];
  repeatable?: boolean;
  multiple?: boolean;
  private?: boolean;
  /** Values of an enumeration; rows may hold former ones. */
  enum?: string[];
}

export type Attributes = Record<string, AttributeShape>;

export interface ContentTypeShape {
  uid: string;
  displayName: string;
  draftAndPublish: boolean;
  localized: boolean;
  attributes: Attributes;
  /** Those of the attributes that make up a document's own state: see {@link ownAttributes}. */
  own: Attributes;
}

/** All content types and components of the application, by uid. */
export interface ContentSchema {
  contentTypes: Record<string, ContentTypeShape>;
  components: Record<string, { attributes: Attributes; own: Attributes }>;
}

const SECRET_NAME = /password|token|secret/i;

/** Names of attributes that hold secrets: passwords, and private ones that are called so. */
export function secretAttributes(attributes: Attributes): string[] {
  return Object.entries(attributes)
    .filter(([name, { type, private: hidden }]) => {
      return type === 'password' || (hidden === true && SECRET_NAME.test(name));
    })
    .map(([name]) => name);
}

/** Attributes that Strapi adds to every content type and that are not the editor's. */
const SYSTEM_ATTRIBUTES = new Set([
  'id',
  'documentId',
  'createdAt',
  'updatedAt',
  'publishedAt',
  'createdBy',
  'updatedBy',
  'locale',
  'localizations',
  'strapi_stage',
  'strapi_assignee',
]);

/** True for what the database keeps about a row, and not what an editor wrote: ids, times, authors, locale. */
export function isSystemAttribute(name: string): boolean {
  return SYSTEM_ATTRIBUTES.has(name);
}

/**
 * The attributes that make up a document's own state: the editor's, without Strapi's bookkeeping, and without
 * the inverse side of relations, which another document owns and which may be without bound.
 */
export function ownAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(
      ([name, attribute]) => !isSystemAttribute(name) && attribute.mappedBy === undefined,
    ),
  );
}
