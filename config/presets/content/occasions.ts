import type { ChangeContext } from '../../../server/src/domain/definition';
import type { FullContentMapping } from './mapping';
import type { Caption, Content, Rendition, Rights, Withdrawal } from './payload';
import type { ContentView } from './reader';

/**
 * What happens to content, decided on its published states before and after a change, and on the time.
 *
 *   absent ── published ──▶ known ── publish time ──▶ out ── rights end ──▶ over
 *
 * Each arrow is an event, whether an editor or the clock takes it; unpublishing and deleting lead back to absent, and withdraw
 * what was not withdrawn by the end of its rights already. Renewed rights lead back from over to out.
 */
export interface Views {
  before: ContentView | null;
  after: ContentView | null;
  now: Date;
}

/** Rights have ended. */
function isOver({ rightsEnd }: ContentView, now: Date): boolean {
  return rightsEnd !== null && rightsEnd <= now;
}

/** Its publish time has come, and its rights have not ended. */
function isOut(view: ContentView, now: Date): boolean {
  return (view.publishAt === null || view.publishAt <= now) && !isOver(view, now);
}

/** True where content goes out: by this write, or because its time has come. */
export function goesOut({ before, after, now }: Views, action: ChangeContext['action']): boolean {
  if (after === null || !isOut(after, now)) return false;
  return action === 'due' || before === null || !isOut(before, now);
}

/** Why content is withdrawn by this change; null where it is not, or was withdrawn before. */
export function withdrawalOf(
  { before, after, now }: Views,
  action: ChangeContext['action'],
): Withdrawal | null {
  if (before === null) return null;
  if (action === 'due') return after !== null && isOver(after, now) ? 'rights_ended' : null;
  if (isOver(before, now)) return null;
  if (after === null) return action === 'delete' ? 'deleted' : 'unpublished';
  return isOver(after, now) ? 'rights_ended' : null;
}

/** True where something is said of content that was not said before. */
export function isUpdated({ before, after }: Views): boolean {
  return before !== null && after !== null && !isSame(told(before), told(after));
}

/** True where rights change, appear or go, of content that was there before. */
export function hasNewRights({ before, after }: Views): boolean {
  return before !== null && after !== null && !isSame(before.content.rights, after.content.rights);
}

/** Renditions with an address or a checksum that was not there before. */
export function newRenditions({ before, after }: Views): Rendition[] {
  const known = new Map(before?.content.renditions.map(({ url, checksum }) => [url, checksum]));
  return (after?.content.renditions ?? []).filter(
    ({ url, checksum }) => !known.has(url) || (checksum !== null && known.get(url) !== checksum),
  );
}

/** Captions with an address, or in a language, that was not there before. */
export function newCaptions({ before, after }: Views): Caption[] {
  const keyOf = ({ language, url }: Caption) => JSON.stringify([language, url]);
  const known = new Set(before?.content.captions.map(keyOf));
  return (after?.content.captions ?? []).filter((caption) => !known.has(keyOf(caption)));
}

/** True where all that is required is there, and was not before. */
export function becomesReady({ before, after }: Views, ready: ReadyRule): boolean {
  if (after === null || !isReady(after.content, ready)) return false;
  return before === null || !isReady(before.content, ready);
}

/** The option `ready`, with what it defaults to for this content type. */
export interface ReadyRule {
  requiredRenditions: NonNullable<FullContentMapping['ready']['requiredRenditions']>;
  requiredCaptions: readonly string[];
  requiredThumbnails: number;
  requireRights: boolean;
}

function isReady(content: Content, ready: ReadyRule): boolean {
  const { renditions, captions, thumbnails, rights } = content;
  return (
    ready.requiredRenditions.every((wanted) => renditions.some((has) => meets(has, wanted))) &&
    ready.requiredCaptions.every((range) => captions.some((has) => isIn(has.language, range))) &&
    thumbnails.length >= ready.requiredThumbnails &&
    (!ready.requireRights || hasTerritory(rights))
  );
}

function meets(rendition: Rendition, wanted: ReadyRule['requiredRenditions'][number]): boolean {
  if (typeof wanted === 'function') return wanted(rendition);
  return Object.entries(wanted).every(
    ([name, value]) => normal(rendition[name as keyof Rendition]) === normal(value),
  );
}

/** A language is in a range as by RFC 4647 §3.3.1: `en-GB` in `en`, not the other way round. */
function isIn(language: string | null, range: string): boolean {
  const [tag, wanted] = [normal(language), normal(range)];
  return tag === wanted || tag.startsWith(`${wanted}-`);
}

function hasTerritory(rights: Rights | null): boolean {
  return (rights?.territories.length ?? 0) > 0;
}

function normal(value: string | number | null | undefined): string {
  return String(value ?? '').toLowerCase();
}

function told({ content, scope }: ContentView): unknown {
  return { content, scope };
}

/** Both are made by the same code, so their keys come in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
