import type { StatusVariant } from '@strapi/design-system';

import type { DeliveryStatus } from '../../../server/src/contracts/delivery';
import { useText } from '../translations/useText';
import { StateBadge } from './StateBadge';

const VARIANTS: Record<DeliveryStatus, StatusVariant> = {
  waiting: 'secondary',
  sending: 'primary',
  delivered: 'success',
  awaiting_callback: 'alternative',
  dead: 'danger',
  superseded: 'neutral',
  cancelled: 'neutral',
};

interface DeliveryStatusBadgeProps {
  status: DeliveryStatus;
  /** A delivery that waits after a failed attempt is in trouble; one that waits for its first is not. */
  attempts: number;
}

export function DeliveryStatusBadge({ status, attempts }: DeliveryStatusBadgeProps) {
  const text = useText();
  const variant = status === 'waiting' && attempts > 0 ? 'warning' : VARIANTS[status];

  return <StateBadge variant={variant}>{text(`delivery.status.${status}`)}</StateBadge>;
}
