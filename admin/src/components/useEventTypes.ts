import { useGetNewswireCatalogueQuery } from '../services/catalogue';
import { PERMISSIONS } from '../permissions';
import { useAllowed } from './useAllowed';

/** The catalogue's event types, to choose from; none for a user who may not read it. */
export function useEventTypes(): { value: string; label: string }[] {
  const allowed = useAllowed(PERMISSIONS.readEvents);
  const { data = [] } = useGetNewswireCatalogueQuery(undefined, { skip: !allowed });

  return data.map(({ event_type }) => ({ value: event_type, label: event_type }));
}
