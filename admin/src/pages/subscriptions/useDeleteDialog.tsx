import * as React from 'react';
import { Dialog } from '@strapi/design-system';
import { ConfirmDialog } from '@strapi/strapi/admin';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { useReport } from '../../components/useReport';
import { useDeleteNewswireSubscriptionMutation } from '../../services/subscriptions';
import { useText } from '../../translations/useText';
import { useOwed } from './useOwed';

interface Listeners {
  onStart?: () => void;
  onFailed?: () => void;
  onDeleted?: () => void;
}

/** Deleting, with what goes with it. */
export function useDeleteDialog(subscription: Subscription, listeners: Listeners = {}) {
  const { id, name } = subscription;
  const text = useText();
  const report = useReport();
  const [remove] = useDeleteNewswireSubscriptionMutation();
  const [isOpen, setOpen] = React.useState(false);
  const owed = useOwed(id, isOpen);

  const confirm = async () => {
    listeners.onStart?.();
    const outcome = await remove(id);
    if (!report(outcome, text('subscription.deleted', { name }))) {
      listeners.onFailed?.();
      return;
    }
    listeners.onDeleted?.();
  };

  const dialog = (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <ConfirmDialog title={text('delete.title', { name })} onConfirm={confirm} variant="danger">
        {`${owed} ${text('delete.final')}`}
      </ConfirmDialog>
    </Dialog.Root>
  );

  return { open: () => setOpen(true), dialog };
}
