import type { CreatedToken, Partner } from '../../server/src/contracts/partner';
import { httpClient, type HttpClient } from './http-client';

export const PARTNERS = '/api/newswire/manage/partners';

/** A new partner, made with a Strapi API token. */
export async function makePartner(manager: HttpClient, body: object = {}): Promise<Partner> {
  const reply = await manager.post<{ data: Partner }>(PARTNERS, { name: 'Northstar', ...body });
  if (reply.status !== 201) throw new Error(`No partner: ${JSON.stringify(reply.body)}`);
  return reply.body.data;
}

/** A new token of a partner, with every scope unless told otherwise. */
export async function makePartnerToken(
  manager: HttpClient,
  partnerId: string,
  body: object = {},
): Promise<CreatedToken> {
  const reply = await manager.post<{ data: CreatedToken }>(`${PARTNERS}/${partnerId}/tokens`, {
    name: 'Reader',
    scopes: ['feeds:read', 'callbacks:write', 'subscriptions:manage'],
    ...body,
  });
  if (reply.status !== 201) throw new Error(`No token: ${JSON.stringify(reply.body)}`);
  return reply.body.data;
}

/** Who sends a token with every request. */
export function withToken(url: string, token: string): HttpClient {
  return httpClient(url, { authorization: `Bearer ${token}` });
}

/** A refusal of Strapi's, as far as tests look at it. */
export interface Refused {
  error: { status: number; name: string; message: string; details: { code?: string } };
}
