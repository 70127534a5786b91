import { describe, expect, it } from 'vitest';
import { stageChanged } from '../../../server/src/domain/review-stage';

const at = (stage: object | null) => ({ title: 'Rivals', strapi_stage: stage });
const review = { id: 1, documentId: 's1', name: 'In review' };

describe('A review stage', () => {
  it('has changed where it is another one, or is there or not', () => {
    expect(stageChanged(at(review), at({ ...review, documentId: 's2' }))).toBe(true);
    expect(stageChanged(at(null), at(review))).toBe(true);
    expect(stageChanged(at(review), at(null))).toBe(true);
    expect(stageChanged(at({ id: 1 }), at({ id: 2 }))).toBe(true);
  });

  it('has not where it was renamed, was not read, or came or went with its document', () => {
    expect(stageChanged(at(review), at({ ...review, name: 'Reviewing' }))).toBe(false);
    expect(stageChanged({ title: 'Rivals' }, { title: 'Rivals II' })).toBe(false);
    expect(stageChanged({ title: 'Rivals' }, at(review))).toBe(false);
    expect(stageChanged(null, at(review))).toBe(false);
    expect(stageChanged(at(review), null)).toBe(false);
  });
});
