import { Typography } from '@strapi/design-system';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { Notice } from '../../components/Notice';
import { useText } from '../../translations/useText';

/** Why a subscription delivers nothing, and what becomes of its deliveries meanwhile. */
export function StateNotice({ subscription }: { subscription: Subscription }) {
  const text = useText();
  const { state, state_reason: reason } = subscription;

  if (state !== 'paused' && state !== 'disabled') return null;
  return (
    <Notice
      variant={state === 'disabled' ? 'danger' : 'warning'}
      title={
        reason
          ? text(`subscription.${state}.because`, { reason })
          : text(`subscription.${state}.title`)
      }
    >
      <Typography>{text(`subscription.${state}.explanation`)}</Typography>
    </Notice>
  );
}
