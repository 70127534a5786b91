import { PERMISSIONS } from '../permissions';
import { useGetNewswireStatusQuery } from '../services/status';
import { useAllowed } from './useAllowed';

/** How the plugin as a whole stands; undefined for a user who may not know, or while it is not known. */
export function useStatus({ pollingInterval = 0 }: { pollingInterval?: number } = {}) {
  const allowed = useAllowed(PERMISSIONS.readSubscriptions);
  const { data } = useGetNewswireStatusQuery(undefined, {
    skip: !allowed,
    refetchOnMountOrArgChange: true,
    pollingInterval,
  });

  return data;
}
