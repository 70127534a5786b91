import type { Core } from '@strapi/strapi';
import type { Actor } from '../domain/event';
import { PARTNER_STRATEGY } from './partners/caller';
import type { Caller } from './partners/caller';

interface AuthState {
  user?: {
    id?: number | string;
    firstname?: string | null;
    lastname?: string | null;
    username?: string | null;
    roles?: { name?: string }[];
    role?: { name?: string };
  };
  auth?: {
    strategy?: { name?: string };
    credentials?: { id?: number | string; name?: string; username?: string } | null;
  };
}

const MAX_LENGTH = 100;

export const SYSTEM: Actor = { type: 'system', user_id: null, display_name: null, role: null };

/**
 * Who makes the change that is under way, from the request's context. Outside a request (cron, scripts) and in a
 * scheduled job it is the system; an anonymous request to the content API is the system too.
 */
export function currentActor(strapi: Core.Strapi): Actor {
  const state = strapi.requestContext.get()?.state as AuthState | undefined;
  const credentials = state?.auth?.credentials;
  switch (state?.auth?.strategy?.name) {
    case 'admin':
    case 'admin-token':
      return state.user ? adminActor(state.user) : SYSTEM;
    case 'content-api-token':
      return credentials ? tokenActor(credentials) : SYSTEM;
    case 'users-permissions':
      return credentials ? userActor(credentials, state.user) : SYSTEM;
    case PARTNER_STRATEGY:
      return credentials ? partnerActor(credentials as unknown as Caller) : SYSTEM;
    default:
      return SYSTEM;
  }
}

function adminActor(user: NonNullable<AuthState['user']>): Actor {
  const name = [user.firstname, user.lastname].filter(Boolean).join(' ');
  const roles = (user.roles ?? []).map((role) => role.name).filter(Boolean);
  return {
    type: 'admin',
    user_id: idOf(user),
    display_name: nameOf(name || user.username),
    role: nameOf(roles.join(', ')),
  };
}

function tokenActor(credentials: { id?: number | string; name?: string }): Actor {
  return {
    type: 'api-token',
    user_id: idOf(credentials),
    display_name: nameOf(credentials.name),
    role: null,
  };
}

function userActor(
  credentials: { id?: number | string; username?: string },
  user: AuthState['user'],
): Actor {
  return {
    type: 'user',
    user_id: idOf(credentials),
    display_name: nameOf(credentials.username),
    role: nameOf(user?.role?.name),
  };
}

/** The partner, whichever of its tokens it has used. */
export function partnerActor({ partnerId, partner }: Caller): Actor {
  return {
    type: 'partner',
    user_id: partnerId,
    display_name: nameOf(partner.name),
    role: null,
  };
}

function idOf(holder: { id?: number | string }): string | null {
  return holder.id === undefined ? null : String(holder.id);
}

/** A name that is no e-mail address: none may stand in an actor (spec §2), and user names often are one. */
function nameOf(name: string | null | undefined): string | null {
  return name && !name.includes('@') ? name.slice(0, MAX_LENGTH) : null;
}
