import * as React from 'react';
import { Button, Flex, Link, Loader, Modal } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { AttemptDetails } from '../../components/AttemptDetails';
import { AttemptSummary } from '../../components/AttemptSummary';
import { Notice } from '../../components/Notice';
import { useAllowed } from '../../components/useAllowed';
import { useExplanation } from '../../components/useExplanation';
import { PERMISSIONS } from '../../permissions';
import { useTestNewswireSubscriptionMutation } from '../../services/subscriptions';
import { useText } from '../../translations/useText';
import { deliveryPath } from '../paths';

/** Sends a test event and shows how the endpoint took it. */
export function useTestDialog({ id, name }: Subscription) {
  const text = useText();
  const explain = useExplanation();
  const mayReadDeliveries = useAllowed(PERMISSIONS.readDeliveries);
  const [test, { data: attempt, error, isLoading, reset }] = useTestNewswireSubscriptionMutation();
  const [isOpen, setOpen] = React.useState(false);

  const send = () => {
    setOpen(true);
    reset();
    // The outcome, good or bad, is in the mutation's state.
    void test(id);
  };

  const dialog = (
    <Modal.Root open={isOpen} onOpenChange={setOpen}>
      <Modal.Content>
        <Modal.Header closeLabel={text('dialog.close')}>
          <Modal.Title>{text('test.title', { name })}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          {isLoading ? (
            <Flex justifyContent="center" padding={8}>
              <Loader>{text('test.sending')}</Loader>
            </Flex>
          ) : null}
          {error ? <Notice variant="danger" title={explain(error)} /> : null}
          {attempt ? (
            <Flex direction="column" alignItems="stretch" gap={5}>
              <AttemptSummary attempt={attempt} />
              <AttemptDetails attempt={attempt} />
            </Flex>
          ) : null}
        </Modal.Body>
        <Modal.Footer>
          <Modal.Close>
            <Button variant="tertiary">{text('dialog.close')}</Button>
          </Modal.Close>
          <Flex gap={4}>
            {attempt && mayReadDeliveries ? (
              <Link tag={NavLink} to={deliveryPath(attempt.delivery_id)}>
                {text('test.delivery')}
              </Link>
            ) : null}
            <Button variant="secondary" disabled={isLoading} onClick={send}>
              {text('test.again')}
            </Button>
          </Flex>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );

  return { send, dialog };
}
