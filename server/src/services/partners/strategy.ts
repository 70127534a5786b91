import type { Core } from '@strapi/strapi';
import type { Context } from 'koa';
import { refuseOthers } from './access';
import { NOBODY_STRATEGY, PARTNER_STRATEGY, SIGNATURE_STRATEGY } from './caller';
import type { SignatureAccess } from '../callbacks/signature-access';
import type { Access } from './access';

interface Strategies {
  register(type: 'content-api', strategy: object): void;
}

/**
 * Makes the strategies known that routes for partners name. What a token may do is looked at behind them, in
 * middlewares/partner-answers.ts.
 */
export function letPartnersIn(
  strapi: Core.Strapi,
  { entry, signatures }: { entry: () => Access; signatures: () => SignatureAccess },
): void {
  const strategies = strapi.get<Strategies>('auth');
  strategies.register('content-api', {
    name: PARTNER_STRATEGY,
    authenticate: (ctx: Context) => entry().authenticate(ctx),
  });
  strategies.register('content-api', {
    name: SIGNATURE_STRATEGY,
    authenticate: (ctx: Context) => signatures().authenticate(ctx),
  });
  strategies.register('content-api', { name: NOBODY_STRATEGY, authenticate: refuseOthers });
}
