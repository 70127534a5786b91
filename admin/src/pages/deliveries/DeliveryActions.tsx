import { Button, Flex } from '@strapi/design-system';
import { ArrowClockwise, ClockCounterClockwise, Cross } from '@strapi/icons';
import { useNavigate } from 'react-router-dom';

import type { DeliveryDetail } from '../../../../server/src/contracts/delivery';
import { useReport } from '../../components/useReport';
import {
  useCancelNewswireDeliveryMutation,
  useReplayNewswireDeliveryMutation,
  useRetryNewswireDeliveryMutation,
} from '../../services/deliveries';
import { useText } from '../../translations/useText';
import { deliveryPath } from '../paths';
import { Confirmed } from './Confirmed';

/** A dead letter is retried instead: that starts its schedule afresh. */
const REPLAYED: DeliveryDetail['status'][] = ['delivered', 'cancelled', 'superseded'];

/** What can still be done about a delivery, by how it stands. */
export function DeliveryActions({ delivery }: { delivery: DeliveryDetail }) {
  const text = useText();
  const report = useReport();
  const navigate = useNavigate();
  const [retry, retrying] = useRetryNewswireDeliveryMutation();
  const [cancel] = useCancelNewswireDeliveryMutation();
  const [replay] = useReplayNewswireDeliveryMutation();
  const { id, status } = delivery;
  // Nothing more is sent to a subscription that is gone.
  const open = delivery.subscription_name !== null;

  const replayNow = async () => {
    const outcome = await replay(id);
    if (report(outcome, text('delivery.replayed'))) navigate(deliveryPath(outcome.data.id));
  };

  return (
    <Flex gap={2}>
      {status === 'waiting' ? (
        <Confirmed
          variant="danger-light"
          icon={<Cross />}
          label={text('delivery.cancel')}
          title={text('delivery.cancel.title')}
          explanation={text('delivery.cancel.explanation')}
          onConfirm={async () => {
            report(await cancel(id), text('delivery.cancelled'));
          }}
        />
      ) : null}
      {open && (status === 'waiting' || status === 'dead') ? (
        <Button
          startIcon={<ArrowClockwise />}
          loading={retrying.isLoading}
          onClick={() => {
            void retry(id).then((outcome) => report(outcome, text('delivery.retried')));
          }}
        >
          {text('delivery.retry')}
        </Button>
      ) : null}
      {open && REPLAYED.includes(status) ? (
        <Confirmed
          variant="secondary"
          icon={<ClockCounterClockwise />}
          label={text('delivery.replay-action')}
          title={text('delivery.replay.title')}
          explanation={text(
            status === 'delivered'
              ? 'delivery.replay.explanation'
              : 'delivery.replay.explanation-unsent',
            {
              name: delivery.subscription_name ?? text('delivery.subscription-gone'),
            },
          )}
          onConfirm={replayNow}
        />
      ) : null}
    </Flex>
  );
}
