import * as React from 'react';

import { useAllowed } from './useAllowed';
import { PERMISSIONS } from '../permissions';
import { useGetNewswireSubscriptionsQuery } from '../services/subscriptions';

/** Names of the subscriptions by id; none for a user who may not read subscriptions. */
export function useSubscriptionNames(): Map<string, string> {
  const allowed = useAllowed(PERMISSIONS.readSubscriptions);
  const { data } = useGetNewswireSubscriptionsQuery({ limit: 200 }, { skip: !allowed });

  return React.useMemo(
    () => new Map(data?.data.map(({ id, name }) => [id, name] as const)),
    [data],
  );
}
