import { Flex, Typography } from '@strapi/design-system';
import { BackButton, Layouts } from '@strapi/strapi/admin';

import type { DeliveryDetail } from '../../../../server/src/contracts/delivery';
import { DeliveryStatusBadge } from '../../components/DeliveryStatusBadge';
import { useAllowed } from '../../components/useAllowed';
import { PERMISSIONS } from '../../permissions';
import { useText } from '../../translations/useText';
import { PATHS } from '../paths';
import { DeliveryActions } from './DeliveryActions';

export function DeliveryHeader({ delivery }: { delivery: DeliveryDetail }) {
  const text = useText();
  const allowed = useAllowed(PERMISSIONS.retryDeliveries);

  return (
    <Layouts.Header
      title={delivery.event_type}
      navigationAction={<BackButton fallback={PATHS.deliveries} />}
      subtitle={
        <Flex gap={3} wrap="wrap">
          <DeliveryStatusBadge status={delivery.status} attempts={delivery.attempts} />
          <Typography variant="epsilon" textColor="neutral600">
            {text(delivery.replay ? 'delivery.subtitle-replay' : 'delivery.subtitle', {
              sequence: delivery.sequence_number,
              name: delivery.subscription_name ?? text('delivery.subscription-gone'),
            })}
          </Typography>
        </Flex>
      }
      primaryAction={allowed ? <DeliveryActions delivery={delivery} /> : undefined}
    />
  );
}
