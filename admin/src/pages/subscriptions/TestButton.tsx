import { Button } from '@strapi/design-system';
import { PaperPlane } from '@strapi/icons';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { useText } from '../../translations/useText';
import { useTestDialog } from './useTestDialog';

interface TestButtonProps {
  subscription: Subscription;
  /** The test goes to what is saved, so unsaved edits would mislead. */
  modified: boolean;
}

export function TestButton({ subscription, modified }: TestButtonProps) {
  const text = useText();
  const test = useTestDialog(subscription);

  return (
    <>
      <Button
        variant="tertiary"
        startIcon={<PaperPlane />}
        disabled={modified}
        title={modified ? text('test.save-first') : undefined}
        onClick={test.send}
      >
        {text('subscription.test')}
      </Button>
      {test.dialog}
    </>
  );
}
