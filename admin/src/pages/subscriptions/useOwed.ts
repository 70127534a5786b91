import { useAllowed } from '../../components/useAllowed';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireDeliveriesQuery } from '../../services/deliveries';
import { useText } from '../../translations/useText';

const COUNTED = 200;

/** In words, what a subscription is still owed; asked for only while it is shown. */
export function useOwed(subscriptionId: string, shown: boolean): string {
  const text = useText();
  const allowed = useAllowed(PERMISSIONS.readDeliveries);
  const { data, isFetching } = useGetNewswireDeliveriesQuery(
    { subscription_id: subscriptionId, status: 'waiting', limit: COUNTED },
    { skip: !shown || !allowed, refetchOnMountOrArgChange: true },
  );

  if (isFetching) return text('delete.counting');
  if (!data) return text('delete.owed-unknown');
  if (data.meta.has_more) return text('delete.owed-many', { count: COUNTED });
  return text('delete.owed', { count: data.data.length });
}
