import type * as React from 'react';
import { Box } from '@strapi/design-system';

import { ComboFilter } from '../../components/list/ComboFilter';
import { FilterBar } from '../../components/list/FilterBar';
import { SearchFilter } from '../../components/list/SearchFilter';
import { SelectFilter } from '../../components/list/SelectFilter';
import { TimeFilter } from '../../components/list/TimeFilter';
import type { useListQuery } from '../../components/list/useListQuery';
import { useEventTypes } from '../../components/useEventTypes';
import { useText } from '../../translations/useText';

/** `subject_type` and `actor_id` have no control of their own: links lead to them, and they can be cleared. */
export const EVENT_FILTERS = [
  'event_type',
  'subject_id',
  'subject_type',
  'actor_id',
  'status',
  'since',
  'until',
] as const;

const STATUSES = ['recorded', 'invalid'] as const;

interface EventFiltersProps {
  query: ReturnType<typeof useListQuery<(typeof EVENT_FILTERS)[number]>>;
  end: React.ReactNode;
}

export function EventFilters({ query, end }: EventFiltersProps) {
  const text = useText();
  const types = useEventTypes();
  const { filters, setFilters } = query;

  return (
    <FilterBar filtered={query.filtered} onClear={query.clear} end={end}>
      <Box width="21rem">
        <ComboFilter
          label={text('events.filter.type')}
          options={types}
          value={filters.event_type}
          free
          onChange={(event_type) => setFilters({ event_type })}
        />
      </Box>
      <Box width="21rem">
        <SearchFilter
          name="subject_id"
          label={text('events.filter.subject')}
          value={filters.subject_id}
          onChange={(subject_id) => setFilters({ subject_id })}
        />
      </Box>
      <Box width="14rem">
        <SelectFilter
          label={text('events.filter.status')}
          options={STATUSES.map((value) => ({ value, label: text(`event.status.${value}`) }))}
          value={filters.status}
          onChange={(status) => setFilters({ status })}
        />
      </Box>
      <TimeFilter since={filters.since} until={filters.until} onChange={setFilters} />
    </FilterBar>
  );
}
