import { Flex } from '@strapi/design-system';
import { Layouts, Page } from '@strapi/strapi/admin';
import { useParams } from 'react-router-dom';

import type { DeliveryDetail } from '../../../../server/src/contracts/delivery';
import { Code } from '../../components/Code';
import { EventFacts } from '../../components/EventFacts';
import { PageFailure } from '../../components/Failure';
import { Panel } from '../../components/Panel';
import { useAllowed } from '../../components/useAllowed';
import { useVisible } from '../../components/useVisible';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireDeliveryQuery } from '../../services/deliveries';
import { useText } from '../../translations/useText';
import { eventPath } from '../paths';
import { Attempts } from './Attempts';
import { DeliveryFacts } from './DeliveryFacts';
import { DeliveryHeader } from './DeliveryHeader';

/** How often an unsettled delivery is looked at while somebody watches it. */
const REFRESH_MS = 5_000;

const UNSETTLED: DeliveryDetail['status'][] = ['waiting', 'sending', 'awaiting_callback'];

function LoadDelivery() {
  const text = useText();
  const { id = '' } = useParams();
  const visible = useVisible();
  const mayReadEvents = useAllowed(PERMISSIONS.readEvents);
  // Read from the cache first, so that polling can depend on what is shown.
  const { currentData: shown } = useGetNewswireDeliveryQuery(id);
  const polled = visible && shown !== undefined && UNSETTLED.includes(shown.status);
  const {
    currentData: data,
    error,
    isFetching,
    refetch,
  } = useGetNewswireDeliveryQuery(id, {
    refetchOnMountOrArgChange: true,
    pollingInterval: polled ? REFRESH_MS : 0,
  });

  if (!data && isFetching) return <Page.Loading />;
  if (!data) return <PageFailure error={error ?? {}} onRetry={refetch} />;

  return (
    <Page.Main>
      <Page.Title>{text('delivery.title', { type: data.event_type })}</Page.Title>
      <DeliveryHeader delivery={data} />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4}>
          <DeliveryFacts delivery={data} />
          <Attempts delivery={data} />
          <Panel title={text('delivery.event')}>
            <EventFacts
              event={data.event}
              {...(mayReadEvents ? { to: eventPath(data.event_id) } : {})}
            />
            <Code
              label={text('event.payload')}
              value={JSON.stringify(data.event.payload, null, 2)}
            />
          </Panel>
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
}

export function DeliveryPage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readDeliveries}>
      <LoadDelivery />
    </Page.Protect>
  );
}
