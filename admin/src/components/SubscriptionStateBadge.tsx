import type { StatusVariant } from '@strapi/design-system';

import type { SubscriptionState } from '../../../server/src/contracts/subscription';
import { useText } from '../translations/useText';
import { StateBadge } from './StateBadge';

const VARIANTS: Record<SubscriptionState, StatusVariant> = {
  active: 'success',
  sandbox: 'alternative',
  paused: 'warning',
  disabled: 'danger',
};

export function SubscriptionStateBadge({ state }: { state: SubscriptionState }) {
  const text = useText();

  return <StateBadge variant={VARIANTS[state]}>{text(`subscription.state.${state}`)}</StateBadge>;
}
