import { useRBAC } from '@strapi/strapi/admin';
import type { Permission } from '@strapi/strapi/admin';

/** Whether the user may do this. False while Strapi is still finding out. */
export function useAllowed(permissions: Permission[]): boolean {
  const { allowedActions } = useRBAC(permissions);

  return Object.values(allowedActions).some(Boolean);
}
