import type { z } from 'zod';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { ChangeContext, EventDefinition } from '../../../server/src/domain/definition';
import type { GivenScope } from '../../../server/src/domain/scope';
import { defineEvent } from '../../define-event';
import type { EventInput, SourceInput } from '../../event-input';
import { approvalReader } from './approval';
import { examples } from './examples';
import { captionsItem, renditionsItem, rightsItem, withdrawnItem } from './feed-items';
import type { FullContentMapping } from './mapping';
import {
  becomesReady,
  goesOut,
  hasNewRights,
  isUpdated,
  newCaptions,
  newRenditions,
  withdrawalOf,
} from './occasions';
import type { ReadyRule, Views } from './occasions';
import { payloads, sound } from './payload';
import type { Content } from './payload';
import { contentReader } from './reader';
import type { ContentReader, ContentView } from './reader';
import { populateFor } from '../field-path';
import { captionRules, contentRules, renditionRules, rightsRules } from './rules';

interface Mapped {
  mapping: FullContentMapping;
  reader: ContentReader;
  approval: ReturnType<typeof approvalReader>;
  ready: ReadyRule;
}

/**
 * The events of content, for all content types that it is mapped to.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function contentEvents(
  schema: ContentSchema,
  mappings: readonly FullContentMapping[],
): EventDefinition[] {
  const mapped = new Map<string, Mapped>();
  for (const mapping of mappings) {
    if (mapped.has(mapping.uid)) {
      throw new Error(`content preset, uid: "${mapping.uid}" is mapped twice`);
    }
    const reader = contentReader(schema, mapping);
    const ready = readyRule(mapping, reader);
    mapped.set(mapping.uid, { mapping, reader, ready, approval: approvalReader(schema, mapping) });
  }

  const of = (uid: string): Mapped => {
    const found = mapped.get(uid);
    if (!found) throw new Error(`content preset: "${uid}" is not mapped`);
    return found;
  };
  const viewsOf = ({ uid, before, after, now }: ChangeContext): Views => {
    const { reader } = of(uid);
    return { before: before && reader.view(before), after: after && reader.view(after), now };
  };
  /** What the event is about: the state after, or the last one there was. */
  const subjectOf = (change: ChangeContext): ContentView => {
    const { before, after } = viewsOf(change);
    const view = after ?? before;
    if (!view) throw new Error('content preset: a change without a state');
    return view;
  };
  const headingOf = (change: ChangeContext) => {
    const { content_id, title, language } = subjectOf(change).content;
    return { content_id, title, language };
  };
  const source: SourceInput[] = [...mapped.values()].map(({ mapping, reader }) => ({
    uid: mapping.uid,
    populate: populateFor(reader.trees),
  }));

  const define = <Payload extends z.ZodType>(
    input: Pick<EventInput<Payload>, 'type' | 'summary' | 'payload' | 'when' | 'build'> &
      Partial<EventInput<Payload>>,
  ): EventDefinition =>
    defineEvent({
      version: '1.0.0',
      audience: 'partner',
      source,
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      scope: (change: ChangeContext): GivenScope => subjectOf(change).scope,
      ...input,
    });
  const whole = {
    payload: payloads.content,
    examples: [examples.content],
    rules: contentRules(mappings),
    build: (change: ChangeContext): Content => subjectOf(change).content,
  };
  const approvals = [...mapped.values()].flatMap(({ mapping, reader, approval }) =>
    approval
      ? [
          {
            uid: mapping.uid,
            counts: approval.counts,
            populate: populateFor([...reader.trees, approval.tree]),
          },
        ]
      : [],
  );

  return [
    define({
      ...whole,
      type: 'content.created',
      summary:
        'A published version of content appears: the first one, or the first after it was withdrawn.',
      when: ({ before, after }) => before === null && after !== null,
    }),
    define({
      ...whole,
      type: 'content.updated',
      summary: 'Something that is told of published content has changed.',
      when: (change) => isUpdated(viewsOf(change)),
    }),
    define({
      ...whole,
      type: 'content.ready',
      summary:
        'Published content has all that it has to have before it can be ingested: the required renditions, captions and thumbnails, and rights.',
      when: (change) => becomesReady(viewsOf(change), of(change.uid).ready),
    }),
    define({
      ...whole,
      type: 'content.published',
      summary:
        'Content is out: its publish time has come, or it has none and was published. Said again where the publish time is moved ahead and comes again, and where rights that had ended are renewed.',
      when: (change) => goesOut(viewsOf(change), change.action),
      moments: (state, uid) => ({ publish_time: of(uid).reader.view(state).publishAt }),
    }),
    define({
      type: 'content.withdrawn',
      summary:
        'Content may not be shown any more: it was unpublished or deleted, or its rights have ended.',
      payload: payloads.withdrawn,
      examples: [examples.withdrawn],
      feedItem: (event) => withdrawnItem(event.payload),
      when: (change) => withdrawalOf(viewsOf(change), change.action) !== null,
      build: (change) => ({
        ...headingOf(change),
        reason: withdrawalOf(viewsOf(change), change.action) ?? 'unpublished',
        ...sound(subjectOf(change).content),
      }),
      moments: (state, uid) => ({ rights_end: of(uid).reader.view(state).rightsEnd }),
    }),
    ...(approvals.length > 0
      ? [
          define({
            ...whole,
            type: 'content.approved',
            summary: 'Content has been approved: by its review stage, or by a field of its own.',
            source: approvals,
            when({ uid, before, after }) {
              const { approval } = of(uid);
              if (!approval || !after || !approval.isApproved(after)) return false;
              return !before || !approval.isApproved(before);
            },
          }),
        ]
      : []),
    define({
      type: 'rendition.available',
      summary: 'Published content has renditions that are new, by their address or their checksum.',
      payload: payloads.renditions,
      examples: [examples.renditions],
      feedItem: (event) => renditionsItem(event.payload),
      rules: renditionRules,
      when: (change) => newRenditions(viewsOf(change)).length > 0,
      build: (change) => ({ ...headingOf(change), renditions: newRenditions(viewsOf(change)) }),
    }),
    define({
      type: 'caption.available',
      summary: 'Published content has captions that are new, by their address or their language.',
      payload: payloads.captions,
      examples: [examples.captions],
      feedItem: (event) => captionsItem(event.payload),
      rules: captionRules,
      when: (change) => newCaptions(viewsOf(change)).length > 0,
      build: (change) => ({ ...headingOf(change), captions: newCaptions(viewsOf(change)) }),
    }),
    define({
      type: 'rights.updated',
      summary:
        'The rights of published content have changed. Told to those whose territories are gained, kept or lost.',
      payload: payloads.rights,
      examples: [examples.rights],
      feedItem: (event) => rightsItem(event.payload),
      rules: rightsRules(mappings),
      when: (change) => hasNewRights(viewsOf(change)),
      build(change) {
        const { before, after } = viewsOf(change);
        return {
          ...headingOf(change),
          rights: after?.content.rights ?? null,
          previous_rights: before?.content.rights ?? null,
        };
      },
      scope(change) {
        const { before, after } = viewsOf(change);
        const territories = [before, after].flatMap((view) => view?.scope.territories ?? []);
        return { ...subjectOf(change).scope, territories };
      },
    }),
  ];
}

/** @throws Error where something is required that the mapping has not. */
function readyRule({ uid, ready }: FullContentMapping, { has }: ContentReader): ReadyRule {
  const mustHave = (option: string, wanted: boolean, group: keyof typeof has) => {
    if (wanted && !has[group]) {
      throw new Error(`content preset, ready.${option}: no ${group} of ${uid} are mapped`);
    }
  };
  mustHave('requiredRenditions', (ready.requiredRenditions?.length ?? 0) > 0, 'renditions');
  mustHave('requiredCaptions', ready.requiredCaptions.length > 0, 'captions');
  mustHave('requiredThumbnails', ready.requiredThumbnails > 0, 'thumbnails');
  mustHave('requireRights', ready.requireRights === true, 'rights');
  return {
    ...ready,
    requiredRenditions: ready.requiredRenditions ?? (has.renditions ? [() => true] : []),
    requireRights: ready.requireRights ?? has.rights,
  };
}
