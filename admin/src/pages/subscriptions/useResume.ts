import type { Subscription } from '../../../../server/src/contracts/subscription';
import { useReport } from '../../components/useReport';
import { useResumeNewswireSubscriptionMutation } from '../../services/subscriptions';
import { useText } from '../../translations/useText';

export function useResume() {
  const text = useText();
  const report = useReport();
  const [resume] = useResumeNewswireSubscriptionMutation();

  return async ({ id, name }: Subscription) => {
    report(await resume(id), text('subscription.resumed', { name }));
  };
}
