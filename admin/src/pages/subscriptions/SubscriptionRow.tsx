import { Flex, Typography } from '@strapi/design-system';
import { Table } from '@strapi/strapi/admin';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { FromNow } from '../../components/FromNow';
import { ListRow } from '../../components/list/ListRow';
import type { RowPosition } from '../../components/list/ListRow';
import { RowLink } from '../../components/list/RowLink';
import { Reason } from '../../components/Reason';
import { SubscriptionStateBadge } from '../../components/SubscriptionStateBadge';
import { TypeTag } from '../../components/TypeTag';
import { useText } from '../../translations/useText';
import { subscriptionPath } from '../paths';
import { hostOf } from './hostOf';
import { SubscriptionMenu } from './SubscriptionMenu';

const SHOWN_TYPES = 3;

interface SubscriptionRowProps extends RowPosition {
  subscription: Subscription;
  editable: boolean;
}

export function SubscriptionRow({ subscription, editable, ...position }: SubscriptionRowProps) {
  const text = useText();
  const { event_types: types, state_reason: reason } = subscription;
  const path = subscriptionPath(subscription.id);

  return (
    <ListRow to={path} position={position}>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1} paddingTop={3} paddingBottom={3}>
          <RowLink to={path}>{subscription.name}</RowLink>
          <Typography variant="pi" textColor="neutral600" title={subscription.destination.url}>
            {hostOf(subscription.destination.url)}
          </Typography>
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <SubscriptionStateBadge state={subscription.state} />
          {reason ? <Reason>{reason}</Reason> : null}
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Flex gap={1} wrap="wrap" title={types.join(', ')}>
          {types.slice(0, SHOWN_TYPES).map((type) => (
            <TypeTag key={type}>{type}</TypeTag>
          ))}
          {types.length > SHOWN_TYPES ? (
            <Typography variant="pi" textColor="neutral600">
              {text('subscriptions.more-types', { count: types.length - SHOWN_TYPES })}
            </Typography>
          ) : null}
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Typography textColor="neutral800">
          <FromNow at={subscription.updated_at} />
        </Typography>
      </Table.Cell>
      <Table.Cell onClick={(event) => event.stopPropagation()}>
        {editable ? <SubscriptionMenu subscription={subscription} /> : null}
      </Table.Cell>
    </ListRow>
  );
}
