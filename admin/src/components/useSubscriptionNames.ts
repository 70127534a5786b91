import * as React from 'react';

import { PERMISSIONS } from '../permissions';
import { useGetNewswireSubscriptionsQuery } from '../services/subscriptions';
import { useText } from '../translations/useText';
import { useAllowed } from './useAllowed';

/** The longest page the server gives. */
const LIMIT = 200;

/** Names of the subscriptions, to choose from and to show in place of their ids. */
export function useSubscriptionNames() {
  const text = useText();
  const allowed = useAllowed(PERMISSIONS.readSubscriptions);
  const { data } = useGetNewswireSubscriptionsQuery({ limit: LIMIT }, { skip: !allowed });

  return React.useMemo(() => {
    const names = new Map(data?.data.map(({ id, name }) => [id, name] as const));
    // Only who has seen all can tell that one is gone.
    const all = data !== undefined && !data.meta.has_more;
    return {
      options: [...names].map(([value, label]) => ({ value, label })),
      nameOf: (id: string) => names.get(id) ?? (all ? text('delivery.subscription-gone') : id),
    };
  }, [data, text]);
}
