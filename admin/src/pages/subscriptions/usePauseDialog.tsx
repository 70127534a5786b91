import * as React from 'react';
import { Button, Field, Flex, Modal, Textarea, Typography } from '@strapi/design-system';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { useReport } from '../../components/useReport';
import { usePauseNewswireSubscriptionMutation } from '../../services/subscriptions';
import { useText } from '../../translations/useText';

const LONGEST_REASON = 500;

/** Pausing, with a word to colleagues about why. */
export function usePauseDialog({ id, name }: Subscription) {
  const text = useText();
  const report = useReport();
  const [pause, { isLoading }] = usePauseNewswireSubscriptionMutation();
  const [isOpen, setOpen] = React.useState(false);
  const [reason, setReason] = React.useState('');

  const confirm = async () => {
    const outcome = await pause({ id, reason: reason.trim() });
    if (!report(outcome, text('subscription.paused-now', { name }))) return;
    setOpen(false);
    setReason('');
  };

  const dialog = (
    <Modal.Root open={isOpen} onOpenChange={setOpen}>
      <Modal.Content>
        <Modal.Header closeLabel={text('dialog.close')}>
          <Modal.Title>{text('pause.title', { name })}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          <Flex direction="column" alignItems="stretch" gap={4}>
            <Typography>{text('pause.explanation')}</Typography>
            <Field.Root name="reason" hint={text('pause.reason.hint')}>
              <Field.Label>{text('pause.reason.label')}</Field.Label>
              <Textarea
                value={reason}
                maxLength={LONGEST_REASON}
                onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) =>
                  setReason(event.target.value)
                }
              />
              <Field.Hint />
            </Field.Root>
          </Flex>
        </Modal.Body>
        <Modal.Footer>
          <Modal.Close>
            <Button variant="tertiary">{text('dialog.cancel')}</Button>
          </Modal.Close>
          <Button
            loading={isLoading}
            onClick={() => {
              void confirm();
            }}
          >
            {text('subscription.pause')}
          </Button>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );

  return { open: () => setOpen(true), dialog };
}
