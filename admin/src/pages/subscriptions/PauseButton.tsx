import { Button } from '@strapi/design-system';
import { Clock, Play } from '@strapi/icons';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { useText } from '../../translations/useText';
import { usePauseDialog } from './usePauseDialog';
import { useResume } from './useResume';

/** Pauses what runs, resumes what does not. */
export function PauseButton({ subscription }: { subscription: Subscription }) {
  const text = useText();
  const pausing = usePauseDialog(subscription);
  const resume = useResume();
  const running = subscription.state === 'active' || subscription.state === 'sandbox';

  if (!running) {
    return (
      <Button
        variant="tertiary"
        startIcon={<Play />}
        onClick={() => {
          void resume(subscription);
        }}
      >
        {text('subscription.resume')}
      </Button>
    );
  }
  return (
    <>
      <Button variant="tertiary" startIcon={<Clock />} onClick={pausing.open}>
        {text('subscription.pause')}
      </Button>
      {pausing.dialog}
    </>
  );
}
