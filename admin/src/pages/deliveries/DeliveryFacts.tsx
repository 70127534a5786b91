import { Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import type { DeliveryDetail } from '../../../../server/src/contracts/delivery';
import { Facts } from '../../components/Facts';
import type { Fact } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { Notice } from '../../components/Notice';
import { Panel } from '../../components/Panel';
import { useAllowed } from '../../components/useAllowed';
import { PERMISSIONS } from '../../permissions';
import { useText } from '../../translations/useText';
import { subscriptionPath } from '../paths';
import { NextAttempt } from './DeliveryTiming';

export function DeliveryFacts({ delivery }: { delivery: DeliveryDetail }) {
  const text = useText();
  const mayReadSubscriptions = useAllowed(PERMISSIONS.readSubscriptions);
  const { subscription_name: name, reason, status } = delivery;

  const timing: Fact = delivery.settled_at
    ? { label: text('delivery.settled'), value: <Moment at={delivery.settled_at} /> }
    : {
        label: text('delivery.next-attempt'),
        value: status === 'waiting' ? <NextAttempt at={delivery.next_attempt_at} /> : text('none'),
      };

  return (
    <Panel title={text('delivery.facts')}>
      {reason ? <Notice variant={status === 'dead' ? 'danger' : 'primary'} title={reason} /> : null}
      <Facts
        facts={[
          {
            label: text('delivery.subscription'),
            value:
              name === null ? (
                text('delivery.subscription-gone')
              ) : mayReadSubscriptions ? (
                <Link tag={NavLink} to={subscriptionPath(delivery.subscription_id)}>
                  {name}
                </Link>
              ) : (
                name
              ),
          },
          { label: text('delivery.attempts'), value: delivery.attempts },
          timing,
          { label: text('delivery.created'), value: <Moment at={delivery.created_at} /> },
          { label: text('delivery.id'), value: delivery.id },
          { label: text('delivery.key'), value: delivery.event_id },
        ]}
      />
    </Panel>
  );
}
