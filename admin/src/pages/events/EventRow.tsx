import { Flex, Link, Typography } from '@strapi/design-system';
import { Table } from '@strapi/strapi/admin';
import { NavLink, useNavigate } from 'react-router-dom';

import type { StoredEvent } from '../../../../server/src/contracts/event';
import { ActorName } from '../../components/ActorName';
import { EventStatusBadge } from '../../components/EventStatusBadge';
import { Moment } from '../../components/Moment';
import { useText } from '../../translations/useText';
import { eventPath } from '../paths';

export function EventRow({ event }: { event: StoredEvent }) {
  const text = useText();
  const navigate = useNavigate();
  const path = eventPath(event.event_id);

  return (
    <Table.Row
      onClick={() => navigate(path)}
      style={{ cursor: 'pointer' }}
      {...(event.status === 'invalid' ? { background: 'danger100' } : {})}
    >
      <Table.Cell>
        <Typography textColor="neutral800">{event.sequence_number ?? text('none')}</Typography>
      </Table.Cell>
      <Table.Cell>
        <Link tag={NavLink} to={path} onClick={(click) => click.stopPropagation()}>
          {event.event_type}
        </Link>
      </Table.Cell>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <Typography textColor="neutral800">{event.subject.type}</Typography>
          <Typography variant="pi" textColor="neutral600">
            {event.subject.id}
            {event.subject.locale ? ` · ${event.subject.locale}` : ''}
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
    </Table.Row>
  );
}
