/** What a subscription's owner reads: no secret, no header, no payload, and of the address only the host. */

export interface OwnerMailFacts {
  kind: 'disabled' | 'paused' | 'recovered';
  subscription: { id: string; name: string; url: string };
  /** Why, in words. */
  reason: string | null;
  at: Date;
  /** Since when its attempts had failed, as far as is known. */
  failingSince: Date | null;
  /** Deliveries that are owed to it now. */
  owed: number;
  /** Which installation speaks. */
  producerId: string;
  /** The subscription in the admin panel; null where its address is not known. */
  panelUrl: string | null;
}

const HAPPENED: Record<OwnerMailFacts['kind'], string> = {
  disabled: 'was disabled',
  paused: 'was paused',
  recovered: 'has recovered',
};

/** The mail as plain text. Names and reasons come from outside: each stays on its line. */
export function ownerMail(facts: OwnerMailFacts): { subject: string; text: string } {
  const name = oneLine(facts.subscription.name, 200);
  const happened = HAPPENED[facts.kind];
  const lines = [
    `The subscription "${name}" ${happened}.`,
    '',
    ...(facts.reason === null ? [] : [`Why:           ${oneLine(facts.reason, 500)}`]),
    `When:          ${facts.at.toISOString()}`,
    ...(facts.failingSince ? [`Failing since: ${facts.failingSince.toISOString()}`] : []),
    `Owed to it:    ${facts.owed === 1 ? '1 delivery' : `${facts.owed} deliveries`}`,
    `Endpoint:      ${hostOf(facts.subscription.url)}`,
    `Subscription:  ${facts.subscription.id}`,
    `Installation:  ${oneLine(facts.producerId, 100)}`,
    '',
    ...adviceOn(facts),
  ];
  return { subject: `[Newswire] "${name}" ${happened}`, text: `${lines.join('\n')}\n` };
}

function adviceOn({ kind, subscription, at, panelUrl }: OwnerMailFacts): string[] {
  const resume = [
    panelUrl ? `Resume it in the admin panel: ${panelUrl}` : 'Resume it in the admin panel,',
    `or with a Strapi API token: POST /api/newswire/manage/subscriptions/${subscription.id}/resume`,
  ];
  switch (kind) {
    case 'disabled':
      return [
        'Nothing is sent to it any more. What it is owed waits; new events are not kept for it.',
        'When the endpoint can take requests again:',
        '',
        ...resume,
        '',
        'and then replay what happened meanwhile: POST /api/newswire/manage/replays',
        JSON.stringify({
          subscription_id: subscription.id,
          missing: true,
          since: at.toISOString(),
        }),
      ];
    case 'paused':
      return [
        'Events go on being kept for it and wait; they are sent in order when it is resumed. Nothing is lost.',
        'One delivery is tried from time to time; when it succeeds, the subscription is resumed by itself.',
        'To have it at once:',
        '',
        ...resume,
      ];
    case 'recovered':
      return ['It is sent to again; what it is owed follows in order. Nothing needs doing.'];
    default:
      return kind satisfies never;
  }
}

/** A line of text, whatever was in it: a line break in a subject would begin a header (RFC 5322 §2.2). */
function oneLine(text: string, length: number): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, length);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unknown';
}
