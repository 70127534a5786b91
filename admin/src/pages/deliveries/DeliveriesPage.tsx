import { Box, LinkButton } from '@strapi/design-system';
import { Layouts, Page } from '@strapi/strapi/admin';
import { NavLink } from 'react-router-dom';

import { ListFailure } from '../../components/Failure';
import { EmptyList } from '../../components/list/EmptyList';
import { ListTable } from '../../components/list/ListTable';
import { Pager } from '../../components/list/Pager';
import { RefreshButton } from '../../components/list/RefreshButton';
import { StaleNotice } from '../../components/list/StaleNotice';
import { useListQuery } from '../../components/list/useListQuery';
import { useAllowed } from '../../components/useAllowed';
import { useVisible } from '../../components/useVisible';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireDeliveriesQuery } from '../../services/deliveries';
import { useText } from '../../translations/useText';
import { PATHS } from '../paths';
import { DELIVERY_FILTERS, DeliveryFilters } from './DeliveryFilters';
import { DeliveryRow } from './DeliveryRow';
import { StandingLine } from './StandingLine';
import { useSubscriptionNames } from '../../components/useSubscriptionNames';

/** How often the list looks for news while somebody looks at it. */
const REFRESH_MS = 5_000;

function ToSubscriptions() {
  const text = useText();
  const allowed = useAllowed(PERMISSIONS.readSubscriptions);

  if (!allowed) return null;
  return (
    <LinkButton tag={NavLink} to={PATHS.subscriptions} variant="secondary">
      {text('deliveries.to-subscriptions')}
    </LinkButton>
  );
}

function Deliveries() {
  const text = useText();
  const visible = useVisible();
  const query = useListQuery(DELIVERY_FILTERS);
  const subscriptions = useSubscriptionNames();
  const pollingInterval = visible ? REFRESH_MS : 0;
  const list = useGetNewswireDeliveriesQuery(
    { ...query.filters, after: query.after },
    { refetchOnMountOrArgChange: true, pollingInterval },
  );
  const rows = list.currentData?.data ?? [];

  return (
    <Page.Main>
      <Page.Title>{text('deliveries.title')}</Page.Title>
      <Layouts.Header
        title={text('deliveries.title')}
        subtitle={<StandingLine pollingInterval={pollingInterval} />}
      />
      <DeliveryFilters
        query={query}
        subscriptions={subscriptions.options}
        end={<RefreshButton onRefresh={list.refetch} />}
      />
      <Layouts.Content>
        {list.error && list.currentData ? (
          <Box paddingBottom={4}>
            <StaleNotice error={list.error} />
          </Box>
        ) : null}
        {list.error && !list.currentData ? (
          <ListFailure error={list.error} onRetry={list.refetch} />
        ) : list.currentData && rows.length === 0 ? (
          <EmptyList
            filtered={query.filtered}
            onClear={query.clear}
            content={text('deliveries.empty')}
            action={<ToSubscriptions />}
          />
        ) : (
          <ListTable
            label={text('deliveries.title')}
            headers={[
              { name: 'status', label: text('deliveries.column.status') },
              { name: 'event', label: text('deliveries.column.event') },
              { name: 'subscription', label: text('deliveries.column.subscription') },
              { name: 'attempts', label: text('deliveries.column.attempts') },
              { name: 'created', label: text('deliveries.column.created') },
            ]}
            rows={rows}
            isLoading={!list.currentData}
          >
            {(delivery) => (
              <DeliveryRow
                key={delivery.id}
                delivery={delivery}
                subscriptionName={subscriptions.nameOf(delivery.subscription_id)}
              />
            )}
          </ListTable>
        )}
        <Pager meta={list.currentData?.meta} />
      </Layouts.Content>
    </Page.Main>
  );
}

export function DeliveriesPage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readDeliveries}>
      <Deliveries />
    </Page.Protect>
  );
}
