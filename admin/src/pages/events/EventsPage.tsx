import { Box, Flex, Link } from '@strapi/design-system';
import { Layouts, Page } from '@strapi/strapi/admin';
import { NavLink } from 'react-router-dom';

import { ListFailure } from '../../components/Failure';
import { EmptyList } from '../../components/list/EmptyList';
import { ListTable } from '../../components/list/ListTable';
import { Pager } from '../../components/list/Pager';
import { RefreshButton } from '../../components/list/RefreshButton';
import { useListQuery } from '../../components/list/useListQuery';
import { Notice } from '../../components/Notice';
import { useStatus } from '../../components/useStatus';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireEventsQuery } from '../../services/events';
import { useText } from '../../translations/useText';
import { filtered, PATHS } from '../paths';
import { EVENT_FILTERS, EventFilters } from './EventFilters';
import { EventRow } from './EventRow';

function InvalidEventsNotice() {
  const text = useText();
  const status = useStatus();

  if (!status || status.invalid_events === 0) return null;
  return (
    <Notice
      variant="danger"
      title={text('events.invalid', { count: status.invalid_events })}
      action={
        <Box>
          <Link tag={NavLink} to={filtered(PATHS.events, { status: 'invalid' })}>
            {text('events.show-invalid')}
          </Link>
        </Box>
      }
    />
  );
}

function Events() {
  const text = useText();
  const query = useListQuery(EVENT_FILTERS);
  const list = useGetNewswireEventsQuery(
    { ...query.filters, after: query.after },
    { refetchOnMountOrArgChange: true },
  );
  const rows = (list.currentData?.data ?? []).map((event) => ({ ...event, id: event.event_id }));

  return (
    <Page.Main>
      <Page.Title>{text('events.title')}</Page.Title>
      <Layouts.Header title={text('events.title')} subtitle={text('events.subtitle')} />
      <EventFilters query={query} end={<RefreshButton onRefresh={list.refetch} />} />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4}>
          {query.filters.status === 'invalid' ? null : <InvalidEventsNotice />}
          {list.error ? (
            <ListFailure error={list.error} onRetry={list.refetch} />
          ) : list.currentData && rows.length === 0 ? (
            <EmptyList
              filtered={query.filtered}
              onClear={query.clear}
              content={text('events.empty')}
            />
          ) : (
            <ListTable
              label={text('events.title')}
              headers={[
                { name: 'sequence', label: text('events.column.sequence') },
                { name: 'type', label: text('events.column.type') },
                { name: 'subject', label: text('events.column.subject') },
                { name: 'actor', label: text('events.column.actor') },
                { name: 'occurred', label: text('events.column.occurred') },
                { name: 'status', label: text('events.column.status') },
              ]}
              rows={rows}
              isLoading={!list.currentData}
            >
              {(event) => <EventRow key={event.id} event={event} />}
            </ListTable>
          )}
        </Flex>
        <Pager meta={list.currentData?.meta} />
      </Layouts.Content>
    </Page.Main>
  );
}

export function EventsPage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readEvents}>
      <Events />
    </Page.Protect>
  );
}
