import { Flex, Link, Loader, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import type { StoredEvent } from '../../../../server/src/contracts/event';
import { DeliveryStatusBadge } from '../../components/DeliveryStatusBadge';
import { FromNow } from '../../components/FromNow';
import { Panel } from '../../components/Panel';
import { useExplanation } from '../../components/useExplanation';
import { useSubscriptionNames } from '../../components/useSubscriptionNames';
import { useGetNewswireDeliveriesQuery } from '../../services/deliveries';
import { useText } from '../../translations/useText';
import { deliveryPath, filtered, PATHS } from '../paths';

const SHOWN = 20;

/** Whom an event went to, and how it arrived. */
export function EventDeliveries({ event }: { event: StoredEvent }) {
  const text = useText();
  const explain = useExplanation();
  const { nameOf } = useSubscriptionNames();
  const { data, error } = useGetNewswireDeliveriesQuery(
    { event_id: event.event_id, limit: SHOWN },
    { refetchOnMountOrArgChange: true },
  );

  return (
    <Panel
      title={text('event.deliveries')}
      action={
        data?.meta.has_more ? (
          <Link tag={NavLink} to={filtered(PATHS.deliveries, { event_id: event.event_id })}>
            {text('event.all-deliveries')}
          </Link>
        ) : undefined
      }
    >
      {error ? <Typography textColor="danger600">{explain(error)}</Typography> : null}
      {!data && !error ? <Loader small>{text('list.loading')}</Loader> : null}
      {data?.data.length === 0 ? (
        <Typography textColor="neutral600">
          {text(event.status === 'invalid' ? 'event.no-deliveries-invalid' : 'event.no-deliveries')}
        </Typography>
      ) : null}
      <Flex tag="ul" direction="column" alignItems="stretch" gap={3}>
        {data?.data.map((delivery) => (
          <Flex key={delivery.id} tag="li" gap={3} wrap="wrap">
            <DeliveryStatusBadge status={delivery.status} attempts={delivery.attempts} />
            <Link tag={NavLink} to={deliveryPath(delivery.id)}>
              {nameOf(delivery.subscription_id)}
            </Link>
            <Typography textColor="neutral600">
              {delivery.replay ? `${text('delivery.replay')} · ` : null}
              {delivery.reason ?? <FromNow at={delivery.settled_at ?? delivery.created_at} />}
            </Typography>
          </Flex>
        ))}
      </Flex>
    </Panel>
  );
}
