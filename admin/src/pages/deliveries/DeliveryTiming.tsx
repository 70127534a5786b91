import type { Delivery } from '../../../../server/src/contracts/delivery';
import { FromNow } from '../../components/FromNow';
import { useText } from '../../translations/useText';

/** When the next attempt is due. */
export function NextAttempt({ at }: { at: string }) {
  const text = useText();

  // It waits for something else than its time: its subscription is paused, or an earlier one is in the way.
  if (Date.parse(at) <= Date.now()) return <>{text('delivery.due')}</>;
  return <FromNow at={at} />;
}

interface DeliveryTimingProps {
  delivery: Pick<Delivery, 'next_attempt_at' | 'settled_at'>;
}

/** When a delivery was settled, or when it is tried next, in a few words. */
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
  return (
    <>
      {`${text('delivery.next')} `}
      <NextAttempt at={next} />
    </>
  );
}
