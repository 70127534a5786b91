import { Flex, Typography } from '@strapi/design-system';
import { Table } from '@strapi/strapi/admin';

import type { Delivery } from '../../../../server/src/contracts/delivery';
import { DeliveryStatusBadge } from '../../components/DeliveryStatusBadge';
import { ListRow } from '../../components/list/ListRow';
import type { RowPosition } from '../../components/list/ListRow';
import { RowLink } from '../../components/list/RowLink';
import { Moment } from '../../components/Moment';
import { Reason } from '../../components/Reason';
import { useText } from '../../translations/useText';
import { deliveryPath } from '../paths';
import { DeliveryTiming } from './DeliveryTiming';

interface DeliveryRowProps extends RowPosition {
  delivery: Delivery;
  subscriptionName: string;
}

export function DeliveryRow({ delivery, subscriptionName, ...position }: DeliveryRowProps) {
  const text = useText();
  const path = deliveryPath(delivery.id);

  return (
    <ListRow to={path} alarming={delivery.status === 'dead'} position={position}>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1} paddingTop={3} paddingBottom={3}>
          <DeliveryStatusBadge status={delivery.status} attempts={delivery.attempts} />
          {delivery.reason ? (
            <Reason danger={delivery.status === 'dead'}>{delivery.reason}</Reason>
          ) : null}
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <RowLink to={path}>{delivery.event_type}</RowLink>
          <Typography variant="pi" textColor="neutral600">
            {`#${delivery.sequence_number}`}
            {delivery.replay ? ` · ${text('delivery.replay')}` : ''}
            {delivery.subject_id ? ` · ${delivery.subject_id}` : ''}
          </Typography>
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Typography textColor="neutral800" style={{ overflowWrap: 'anywhere' }}>
          {subscriptionName}
        </Typography>
      </Table.Cell>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <Typography textColor="neutral800">
            {text('deliveries.attempts', { count: delivery.attempts })}
          </Typography>
          <Typography variant="pi" textColor="neutral600" style={{ whiteSpace: 'nowrap' }}>
            <DeliveryTiming delivery={delivery} />
          </Typography>
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Typography textColor="neutral800">
          <Moment at={delivery.created_at} />
        </Typography>
      </Table.Cell>
    </ListRow>
  );
}
