import { Flex, Link } from '@strapi/design-system';
import { BackButton, Layouts, Page } from '@strapi/strapi/admin';
import { NavLink, useParams } from 'react-router-dom';

import type { StoredEvent } from '../../../../server/src/contracts/event';
import { Code } from '../../components/Code';
import { EventFacts } from '../../components/EventFacts';
import { EventStatusBadge } from '../../components/EventStatusBadge';
import { PageFailure } from '../../components/Failure';
import { Panel } from '../../components/Panel';
import { useAllowed } from '../../components/useAllowed';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireEventQuery } from '../../services/events';
import { useText } from '../../translations/useText';
import { filtered, PATHS } from '../paths';
import { EventDeliveries } from './EventDeliveries';
import { InvalidNotice } from './InvalidNotice';

function EventDetails({ event }: { event: StoredEvent }) {
  const text = useText();
  const mayReadDeliveries = useAllowed(PERMISSIONS.readDeliveries);

  return (
    <Page.Main>
      <Page.Title>{text('event.title', { type: event.event_type })}</Page.Title>
      <Layouts.Header
        title={event.event_type}
        navigationAction={<BackButton fallback={PATHS.events} />}
        subtitle={
          <Flex gap={3} wrap="wrap">
            <EventStatusBadge event={event} />
            <Link tag={NavLink} to={filtered(PATHS.events, { subject_id: event.subject.id })}>
              {text('event.same-subject')}
            </Link>
          </Flex>
        }
      />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4}>
          {event.status === 'invalid' ? <InvalidNotice event={event} /> : null}
          <Panel title={text('event.facts')}>
            <EventFacts event={event} />
            <Code label={text('event.payload')} value={JSON.stringify(event.payload, null, 2)} />
          </Panel>
          {mayReadDeliveries ? <EventDeliveries event={event} /> : null}
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
}

function LoadEvent() {
  const { id = '' } = useParams();
  const {
    currentData: data,
    error,
    isFetching,
    refetch,
  } = useGetNewswireEventQuery(id, {
    refetchOnMountOrArgChange: true,
  });

  if (!data && isFetching) return <Page.Loading />;
  if (!data) return <PageFailure error={error ?? {}} onRetry={refetch} />;
  return <EventDetails event={data} />;
}

export function EventPage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readEvents}>
      <LoadEvent />
    </Page.Protect>
  );
}
