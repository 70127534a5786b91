import { Flex, Typography } from '@strapi/design-system';
import { Table } from '@strapi/strapi/admin';

import type { StoredEvent } from '../../../../server/src/contracts/event';
import { ActorName } from '../../components/ActorName';
import { EventStatusBadge } from '../../components/EventStatusBadge';
import { ListRow } from '../../components/list/ListRow';
import type { RowPosition } from '../../components/list/ListRow';
import { RowLink } from '../../components/list/RowLink';
import { Moment } from '../../components/Moment';
import { useText } from '../../translations/useText';
import { eventPath } from '../paths';

interface EventRowProps extends RowPosition {
  event: StoredEvent;
}

export function EventRow({ event, ...position }: EventRowProps) {
  const text = useText();
  const path = eventPath(event.event_id);

  return (
    <ListRow to={path} alarming={event.status === 'invalid'} position={position}>
      <Table.Cell>
        <Typography textColor="neutral800">{event.sequence_number ?? text('none')}</Typography>
      </Table.Cell>
      <Table.Cell>
        <RowLink to={path}>{event.event_type}</RowLink>
      </Table.Cell>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <Typography textColor="neutral800">
            {event.subject.type}
            {event.subject.locale ? ` · ${event.subject.locale}` : ''}
          </Typography>
          <Typography variant="pi" textColor="neutral600">
            {event.subject.id}
          </Typography>
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Typography textColor="neutral800">
          <ActorName actor={event.actor} />
        </Typography>
      </Table.Cell>
      <Table.Cell>
        <Typography textColor="neutral800">
          <Moment at={event.occurred_at} />
        </Typography>
      </Table.Cell>
      <Table.Cell>
        <EventStatusBadge event={event} />
      </Table.Cell>
    </ListRow>
  );
}
