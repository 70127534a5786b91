import type * as React from 'react';
import { Box } from '@strapi/design-system';

import { ComboFilter } from '../../components/list/ComboFilter';
import { FilterBar } from '../../components/list/FilterBar';
import { SelectFilter } from '../../components/list/SelectFilter';
import { TimeFilter } from '../../components/list/TimeFilter';
import type { useListQuery } from '../../components/list/useListQuery';
import { useEventTypes } from '../../components/useEventTypes';
import { DELIVERY_STATUSES } from '../../services/deliveries';
import { useText } from '../../translations/useText';

export const DELIVERY_FILTERS = [
  'status',
  'subscription_id',
  'event_type',
  'event_id',
  'since',
  'until',
] as const;

interface DeliveryFiltersProps {
  query: ReturnType<typeof useListQuery<(typeof DELIVERY_FILTERS)[number]>>;
  subscriptions: { value: string; label: string }[];
  end: React.ReactNode;
}

export function DeliveryFilters({ query, subscriptions, end }: DeliveryFiltersProps) {
  const text = useText();
  const types = useEventTypes();
  const { filters, setFilters } = query;

  return (
    <FilterBar filtered={query.filtered} onClear={query.clear} end={end}>
      <Box width="17rem">
        <SelectFilter
          label={text('deliveries.filter.status')}
          options={DELIVERY_STATUSES.map((status) => ({
            value: status,
            label: text(`delivery.status.${status}`),
          }))}
          value={filters.status}
          onChange={(status) => setFilters({ status })}
        />
      </Box>
      <Box width="18rem">
        <ComboFilter
          label={text('deliveries.filter.subscription')}
          options={subscriptions}
          value={filters.subscription_id}
          onChange={(subscription_id) => setFilters({ subscription_id })}
        />
      </Box>
      <Box width="21rem">
        <ComboFilter
          label={text('deliveries.filter.event-type')}
          options={types}
          value={filters.event_type}
          free
          onChange={(event_type) => setFilters({ event_type })}
        />
      </Box>
      <TimeFilter since={filters.since} until={filters.until} onChange={setFilters} />
    </FilterBar>
  );
}
