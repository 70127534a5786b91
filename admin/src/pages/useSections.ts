import { useAllowed } from '../components/useAllowed';
import { PERMISSIONS } from '../permissions';
import { PATHS } from './paths';

/** The plugin's sections that the user may see, in the order of the navigation. */
export function useSections() {
  const subscriptions = useAllowed(PERMISSIONS.readSubscriptions);
  const deliveries = useAllowed(PERMISSIONS.readDeliveries);
  const events = useAllowed(PERMISSIONS.readEvents);

  return [
    { name: 'subscriptions', to: PATHS.subscriptions, allowed: subscriptions } as const,
    { name: 'deliveries', to: PATHS.deliveries, allowed: deliveries } as const,
    { name: 'events', to: PATHS.events, allowed: events } as const,
    { name: 'catalogue', to: PATHS.catalogue, allowed: events } as const,
  ].filter((section) => section.allowed);
}
