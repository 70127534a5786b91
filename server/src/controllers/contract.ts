import { pipelineOf } from '../services';
import { partnerOf } from '../services/partners/caller';
import { answer, type Deps } from './answer';
import { entityTag } from './entity-tag';
import { answerFeed } from './feeds';
import { ASYNC_API } from './schemas';

/** What is agreed on with the partner that asks. */
export function contract({ strapi }: Deps) {
  return {
    find: answer(async (ctx) => {
      const text = await pipelineOf(strapi).contract(partnerOf(ctx));
      const write = () => Promise.resolve({ text, lastModified: null, failed: false });
      await answerFeed(ctx, { tag: entityTag(text), unchanged: () => undefined, write }, ASYNC_API);
    }),
  };
}
