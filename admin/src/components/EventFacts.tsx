import { Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import type { StoredEvent } from '../../../server/src/contracts/event';
import { useText } from '../translations/useText';
import { ActorName } from './ActorName';
import { Facts } from './Facts';
import { Moment } from './Moment';
import { SubjectLink } from './SubjectLink';

interface EventFactsProps {
  event: StoredEvent;
  /** Where the event's own page is; left out on that page. */
  to?: string;
}

export function EventFacts({ event, to }: EventFactsProps) {
  const text = useText();
  const { actor } = event;

  return (
    <Facts
      facts={[
        {
          label: text('event.type'),
          value: to ? (
            <Link tag={NavLink} to={to}>
              {event.event_type}
            </Link>
          ) : (
            event.event_type
          ),
        },
        { label: text('event.sequence'), value: event.sequence_number ?? text('none') },
        { label: text('event.schema-version'), value: event.schema_version },
        { label: text('event.subject'), value: <SubjectLink subject={event.subject} /> },
        {
          label: text('event.actor'),
          value: (
            <>
              <ActorName actor={actor} />
              {actor.role ? `, ${actor.role}` : ''}
            </>
          ),
        },
        { label: text('event.changed'), value: event.changed.join(', ') || text('none') },
        { label: text('event.occurred'), value: <Moment at={event.occurred_at} /> },
        { label: text('event.id'), value: event.event_id },
        { label: text('event.locale'), value: event.subject.locale ?? text('none') },
      ]}
    />
  );
}
