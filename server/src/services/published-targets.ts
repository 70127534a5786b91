import type { Core } from '@strapi/strapi';
import type { DocumentState } from '../domain/change';
import type { ContentTypeShape } from '../domain/content-type';
import type { Populate } from '../domain/definition';

/** What names a related document and says nothing of its content. */
const IDENTITY = new Set(['id', 'documentId']);

/**
 * Puts the published version of a related document in the place of its draft, where there is one, so that what is read of it is
 * what is published.
 *
 * A document without draft and publish that points to one with it is linked to both versions, and Strapi's database layer
 * answers a to-one relation with the first: the draft, even where that has been changed since. Versions that have draft and
 * publish themselves point to their like, and to-many relations give both.
 */
export async function showPublishedTargets(
  strapi: Core.Strapi,
  input: { type: ContentTypeShape; populate: Populate; states: readonly DocumentState[] },
): Promise<void> {
  const { type, populate, states } = input;
  if (type.draftAndPublish) return;
  for (const [name, wanted] of Object.entries(populate)) {
    const { target, relation = '' } = type.attributes[name] ?? {};
    if (target && relation.endsWith('ToOne') && readsContent(wanted) && hasDrafts(strapi, target)) {
      await replaceDrafts(strapi, target, { name, wanted, states });
    }
  }
}

async function replaceDrafts(
  strapi: Core.Strapi,
  target: string,
  { name, wanted, states }: { name: string; wanted: unknown; states: readonly DocumentState[] },
): Promise<void> {
  const drafts = states.map((state) => state[name]).filter(isDraft);
  if (drafts.length === 0) return;
  const published = (await strapi.db.query(target).findMany({
    ...(isRow(wanted) ? wanted : {}),
    where: {
      documentId: { $in: [...new Set(drafts.map((draft) => draft['documentId']))] },
      publishedAt: { $notNull: true },
    },
    orderBy: { id: 'asc' },
  })) as DocumentState[];
  const byVersion = new Map(published.map((row) => [versionOf(row), row]));
  for (const state of states) {
    const draft = state[name];
    const version = isDraft(draft) ? byVersion.get(versionOf(draft)) : undefined;
    if (version) state[name] = version;
  }
}

function versionOf(row: DocumentState): string {
  return JSON.stringify([row['documentId'], row['locale']]);
}

/** False where the relation is populated for its target's identity alone, which is the same of all versions. */
function readsContent(wanted: unknown): boolean {
  const { select, populate } = isRow(wanted) ? wanted : {};
  if (!Array.isArray(select)) return wanted !== false;
  return populate !== undefined || select.some((field) => !IDENTITY.has(String(field)));
}

function hasDrafts(strapi: Core.Strapi, uid: string): boolean {
  const { options } =
    (strapi.contentTypes as unknown as Record<string, { options?: object }>)[uid] ?? {};
  return options !== undefined && 'draftAndPublish' in options && options.draftAndPublish === true;
}

function isDraft(value: unknown): value is DocumentState {
  return isRow(value) && (value['publishedAt'] ?? null) === null;
}

function isRow(value: unknown): value is DocumentState {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
