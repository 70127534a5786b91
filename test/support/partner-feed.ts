import { expect } from 'vitest';
import type { CreatedToken, Partner, TokenScope } from '../../server/src/contracts/partner';
import type { Feed } from '../../server/src/contracts/feed';
import type { HttpClient, Reply } from './http-client';

export interface OpenFeed {
  slug: string;
  /** Of the partner that the feed is open to. */
  token: string;
}

/** Makes a partner with a token, and a feed for it. */
export async function openFeed(
  admin: HttpClient,
  settings: Partial<Feed> = {},
  scopes: TokenScope[] = ['feeds:read'],
): Promise<OpenFeed> {
  const partner = created(
    await admin.post<{ data: Partner }>('/newswire/partners', {
      name: 'Fjord TV',
      rate_per_minute: 100_000,
    }),
  );
  const token = created(
    await admin.post<{ data: CreatedToken }>(`/newswire/partners/${partner.id}/tokens`, {
      name: 'Reader',
      scopes,
    }),
  );
  const feed = created(
    await admin.post<{ data: Feed }>('/newswire/feeds', {
      slug: 'fjord',
      title: 'For Fjord TV',
      partner_ids: [partner.id],
      ...settings,
    }),
  );
  return { slug: feed.slug, token: token.token };
}

function created<Data>({ status, body }: Reply<{ data: Data }>): Data {
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data;
}
