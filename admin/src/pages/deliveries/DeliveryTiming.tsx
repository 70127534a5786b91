import type { Delivery } from '../../../../server/src/contracts/delivery';
import { FromNow } from '../../components/FromNow';
import { useText } from '../../translations/useText';

interface DeliveryTimingProps {
  delivery: Pick<Delivery, 'next_attempt_at' | 'settled_at'>;
}

/** When a delivery was settled, or when it is tried next. */
export function DeliveryTiming({ delivery }: DeliveryTimingProps) {
  const text = useText();
  const { next_attempt_at: next, settled_at: settled } = delivery;

  if (settled) {
    return (
      <>
        {`${text('delivery.settled')} `}
        <FromNow at={settled} />
      </>
    );
  }
  if (!next) return null;
  // It waits for something else than its time: its subscription is paused, or an earlier one is in the way.
  if (Date.parse(next) <= Date.now()) return <>{text('delivery.due')}</>;
  return (
    <>
      {`${text('delivery.next')} `}
      <FromNow at={next} />
    </>
  );
}
