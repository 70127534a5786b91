import type { Delivery } from '../../../../server/src/contracts/delivery';
import { FromNow } from '../../components/FromNow';
import { useText } from '../../translations/useText';

/** When the next attempt is due; null: when the delivery before it, about the same document, is settled. */
export function NextAttempt({ at }: { at: string | null }) {
  const text = useText();

  if (at === null) return <>{text('delivery.after-earlier')}</>;
  // It waits for something else than its time: its subscription is paused, or has a limit.
  if (Date.parse(at) <= Date.now()) return <>{text('delivery.due')}</>;
  return <FromNow at={at} />;
}

interface DeliveryTimingProps {
  delivery: Pick<Delivery, 'status' | 'next_attempt_at' | 'settled_at'>;
}

/** When a delivery was settled, or when it is tried next, in a few words. */
export function DeliveryTiming({ delivery }: DeliveryTimingProps) {
  const text = useText();
  const { status, next_attempt_at: next, settled_at: settled } = delivery;

  if (settled) {
    return (
      <>
        {`${text('delivery.settled')} `}
        <FromNow at={settled} />
      </>
    );
  }
  if (status !== 'waiting') return null;
  return (
    <>
      {`${text('delivery.next')} `}
      <NextAttempt at={next} />
    </>
  );
}
