import { Button, Flex, Link, Typography } from '@strapi/design-system';
import { Check, Trash } from '@strapi/icons';
import { BackButton, Layouts, useForm } from '@strapi/strapi/admin';
import { NavLink, useNavigate } from 'react-router-dom';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { SubscriptionStateBadge } from '../../components/SubscriptionStateBadge';
import { useAllowed } from '../../components/useAllowed';
import { PERMISSIONS } from '../../permissions';
import { useText } from '../../translations/useText';
import { filtered, PATHS } from '../paths';
import { hostOf } from './hostOf';
import { PauseButton } from './PauseButton';
import { TestButton } from './TestButton';
import { useDeleteDialog } from './useDeleteDialog';

interface SubscriptionHeaderProps {
  subscription: Subscription;
  editable: boolean;
  modified: boolean;
  isSubmitting: boolean;
}

export function SubscriptionHeader(props: SubscriptionHeaderProps) {
  const { subscription, editable, modified, isSubmitting } = props;
  const text = useText();
  const navigate = useNavigate();
  const mayReadDeliveries = useAllowed(PERMISSIONS.readDeliveries);
  const setSubmitting = useForm('SubscriptionHeader', (state) => state.setSubmitting);
  const deletion = useDeleteDialog(subscription, {
    // A form that is being submitted lets one leave: the edits go with the subscription.
    onStart: () => setSubmitting(true),
    onFailed: () => setSubmitting(false),
    onDeleted: () => navigate(PATHS.subscriptions, { replace: true }),
  });

  return (
    <Layouts.Header
      title={subscription.name}
      navigationAction={<BackButton fallback={PATHS.subscriptions} />}
      subtitle={
        <Flex gap={3} wrap="wrap">
          <SubscriptionStateBadge state={subscription.state} />
          <Typography variant="epsilon" textColor="neutral600">
            {hostOf(subscription.destination.url)}
          </Typography>
          {mayReadDeliveries ? (
            <Link
              tag={NavLink}
              to={filtered(PATHS.deliveries, { subscription_id: subscription.id })}
            >
              {text('subscription.deliveries')}
            </Link>
          ) : null}
        </Flex>
      }
      primaryAction={
        editable ? (
          <Flex gap={2} wrap="wrap">
            <Button variant="danger-light" startIcon={<Trash />} onClick={deletion.open}>
              {text('subscription.delete')}
            </Button>
            <TestButton subscription={subscription} modified={modified} />
            <PauseButton subscription={subscription} />
            <Button type="submit" startIcon={<Check />} loading={isSubmitting} disabled={!modified}>
              {text('form.save')}
            </Button>
            {deletion.dialog}
          </Flex>
        ) : undefined
      }
    />
  );
}
