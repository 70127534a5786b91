import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import type { CatalogueDetail } from '../../../../server/src/contracts/catalogue-detail';
import { SubscriptionStateBadge } from '../../components/SubscriptionStateBadge';
import { useAllowed } from '../../components/useAllowed';
import { PERMISSIONS } from '../../permissions';
import { useText } from '../../translations/useText';
import { PATHS, subscriptionPath } from '../paths';

/** Who asks for an event type, and by which pattern. */
export function UsedBy({ subscriptions }: Pick<CatalogueDetail, 'subscriptions'>) {
  const text = useText();
  const mayCreate = useAllowed(PERMISSIONS.updateSubscriptions);

  if (subscriptions.length === 0) {
    return (
      <Flex gap={4} wrap="wrap">
        <Typography textColor="neutral600">{text('event-type.not-used')}</Typography>
        {mayCreate ? (
          <Link tag={NavLink} to={PATHS.createSubscription}>
            {text('event-type.subscribe')}
          </Link>
        ) : null}
      </Flex>
    );
  }
  return (
    <Flex tag="ul" direction="column" alignItems="stretch" gap={2}>
      {subscriptions.map(({ id, name, state, pattern }) => (
        <Flex key={id} tag="li" gap={3} wrap="wrap">
          <Link tag={NavLink} to={subscriptionPath(id)}>
            {name}
          </Link>
          <SubscriptionStateBadge state={state} />
          <Typography variant="pi" textColor="neutral600">
            {text('event-type.by-pattern', { pattern })}
          </Typography>
        </Flex>
      ))}
    </Flex>
  );
}
