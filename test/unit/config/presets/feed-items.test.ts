import { describe, expect, it } from 'vitest';
import type { EventDefinition } from '../../../../server/src/domain/definition';
import { givenItem } from '../../../../server/src/domain/feed-item/item';
import { itemOfEvent } from '../../../../server/src/domain/feed-item/make-item';
import { demoCatalogue } from '../../../support/demo-catalogue';

const { definitions } = await demoCatalogue();

const read = ({ type, examples, feedItem }: EventDefinition, payload: unknown = examples[0]) => {
  const { title, summary } = itemOfEvent(
    type,
    { event_type: type, changed: [], payload },
    feedItem,
  );
  return [title, summary];
};

describe('Items of the presets', () => {
  it('read well', () => {
    const items = Object.fromEntries(
      definitions.filter(({ examples }) => examples.length > 0).map((one) => [one.type, read(one)]),
    );
    expect(items).toMatchInlineSnapshot(`
      {
        "ad.impression": [
          "Impressions reported: 3, of NL-HBL-0101",
          null,
        ],
        "caption.available": [
          "Captions available: Rivals: The Franchise",
          "en-GB vtt.",
        ],
        "content.approved": [
          "Content approved: Rivals: The Franchise",
          null,
        ],
        "content.created": [
          "Content created: Rivals: The Franchise",
          null,
        ],
        "content.ingested": [
          "Content ingested: NL-HBL-0101",
          null,
        ],
        "content.play": [
          "Plays reported: 1, of NL-HBL-0101",
          null,
        ],
        "content.preview.ready": [
          "Preview ready: Harbour Lights: Slack Water",
          null,
        ],
        "content.published": [
          "Content published: Rivals: The Franchise",
          null,
        ],
        "content.ready": [
          "Content ready: Rivals: The Franchise",
          null,
        ],
        "content.rejected": [
          "Content rejected: NL-HBL-0101",
          "The captions end four minutes before the picture does",
        ],
        "content.updated": [
          "Content updated: Rivals: The Franchise",
          null,
        ],
        "content.withdrawn": [
          "Content withdrawn: Rivals: The Franchise",
          "Its rights have ended.",
        ],
        "contract.signatory_changed": [
          "Contract signatory changed: Lee Mason",
          "Budget limit: 2500000 → 5000000.",
        ],
        "edition.scheduled": [
          "Edition scheduled: Saturday night drama",
          "From 2026-02-07T20:00:00.000Z to 2026-02-07T23:30:00.000Z.",
        ],
        "edition.unscheduled": [
          "Edition unscheduled: Saturday night drama",
          "From 2026-02-07T20:00:00.000Z to 2026-02-07T23:30:00.000Z.",
        ],
        "executive.commissioner.created": [
          "Commissioner created: Lee Mason",
          null,
        ],
        "executive.commissioner.promoted": [
          "Commissioner promoted: Lee Mason",
          "Title: Executive Director, Scripted Originals → VP, Scripted.",
        ],
        "executive.commissioner.updated": [
          "Commissioner updated: Lee Mason",
          null,
        ],
        "executive.show_lead.assigned": [
          "Callum Reid leads Rivals",
          null,
        ],
        "executive.show_lead.unassigned": [
          "Callum Reid no longer leads Rivals",
          null,
        ],
        "executive_role.created": [
          "Executive role created: Head of Drama (Ingrid Solberg)",
          "For Nordics.",
        ],
        "executive_role.updated": [
          "Executive role changed: Head of Drama (Ingrid Solberg)",
          "For Nordics.",
        ],
        "license.accepted": [
          "Licence accepted: NL-HBL-0101",
          "For FR",
        ],
        "license.offer": [
          "Licence offered: Harbour Lights: Slack Water",
          "Terms: exclusive, for FR, term P24M.",
        ],
        "metric.threshold_crossed": [
          "Metric threshold crossed",
          null,
        ],
        "rendition.available": [
          "Renditions available: Rivals: The Franchise",
          "1920x1080 h264 mp4.",
        ],
        "rights.updated": [
          "Rights updated: Rivals: The Franchise",
          "Rights for GB, IE, FR, 2026-02-01 to 2029-01-31; before: Rights for GB, IE, 2026-02-01 to 2029-01-31.",
        ],
        "role_assignment.changed": [
          "Assignment created: Callum Reid, show lead, Harbour Lights",
          "From 2026-02-01.",
        ],
        "slate.announce": [
          "Slate announced: Drama slate (1 title)",
          "Scripted series, for delivery within the year.",
        ],
        "title.available": [
          "Title available: Harbour Lights: Slack Water",
          null,
        ],
        "webhook.delivery_failed": [
          "Webhook delivery failed: Promo",
          null,
        ],
        "webhook.subscription_disabled": [
          "Webhook subscription disabled: Promo",
          null,
        ],
        "webhook.subscription_paused": [
          "Webhook subscription paused: Promo",
          null,
        ],
        "webhook.subscription_recovered": [
          "Webhook subscription recovered: Promo",
          null,
        ],
        "webhook.test": [
          "Webhook test: Promo",
          null,
        ],
      }
    `);
  });

  it('have a title whatever is missing from the event', () => {
    for (const { type, feedItem } of definitions) {
      if (!feedItem) continue;
      for (const event of [{}, { payload: {} }, { event_type: type, payload: {} }]) {
        const made = feedItem(event);
        if (made !== null) expect(givenItem(made), type).not.toBeNull();
      }
    }
  });

  it('name the content type of generic entries', () => {
    const published = definitions.find(({ type }) => type === 'entry.published');
    if (!published) return;
    expect(
      read(published, { content_type: 'api::press-release.press-release', entry: { title: 'T' } }),
    ).toEqual(['Press release published: T', null]);
  });
});
