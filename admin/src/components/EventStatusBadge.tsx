import type { StoredEvent } from '../../../server/src/contracts/event';
import { useText } from '../translations/useText';
import { StateBadge } from './StateBadge';

type Standing = Pick<StoredEvent, 'status' | 'sequence_number'>;

export function EventStatusBadge({ event }: { event: Standing }) {
  const text = useText();

  if (event.status === 'invalid') {
    return <StateBadge variant="danger">{text('event.status.invalid')}</StateBadge>;
  }
  if (event.sequence_number === null) {
    return <StateBadge variant="secondary">{text('event.status.unsequenced')}</StateBadge>;
  }
  return <StateBadge variant="success">{text('event.status.recorded')}</StateBadge>;
}
