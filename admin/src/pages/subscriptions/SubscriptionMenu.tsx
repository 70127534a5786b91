import { IconButton, MenuItem, SimpleMenu } from '@strapi/design-system';
import { Clock, More, Play, PaperPlane, Trash } from '@strapi/icons';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { useText } from '../../translations/useText';
import { useDeleteDialog } from './useDeleteDialog';
import { usePauseDialog } from './usePauseDialog';
import { useResume } from './useResume';
import { useTestDialog } from './useTestDialog';

/** What can be done to a subscription without opening it. */
export function SubscriptionMenu({ subscription }: { subscription: Subscription }) {
  const text = useText();
  const pausing = usePauseDialog(subscription);
  const deletion = useDeleteDialog(subscription);
  const test = useTestDialog(subscription);
  const resume = useResume();
  const running = subscription.state === 'active' || subscription.state === 'sandbox';

  return (
    <>
      <SimpleMenu
        tag={IconButton}
        icon={<More />}
        label={text('subscriptions.menu', { name: subscription.name })}
        variant="ghost"
        popoverPlacement="bottom-end"
      >
        {running ? (
          <MenuItem startIcon={<Clock />} onSelect={pausing.open}>
            {text('subscription.pause')}
          </MenuItem>
        ) : (
          <MenuItem
            startIcon={<Play />}
            onSelect={() => {
              void resume(subscription);
            }}
          >
            {text('subscription.resume')}
          </MenuItem>
        )}
        <MenuItem startIcon={<PaperPlane />} onSelect={test.send}>
          {text('subscription.test')}
        </MenuItem>
        <MenuItem variant="danger" startIcon={<Trash />} onSelect={deletion.open}>
          {text('subscription.delete')}
        </MenuItem>
      </SimpleMenu>
      {pausing.dialog}
      {deletion.dialog}
      {test.dialog}
    </>
  );
}
