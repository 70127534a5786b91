import { useNotification } from '@strapi/strapi/admin';
import type { FormHelpers } from '@strapi/strapi/admin';

import { useExplanation } from '../../components/useExplanation';
import type { Outcome } from '../../components/useReport';
import { refusalOf } from './form/serverErrors';
import { inputOf } from './form/values';
import type { SubscriptionValues } from './form/values';
import type { SubscriptionInput } from '../../services/subscriptions';
import { useText } from '../../translations/useText';

/** Sends the form; a refusal goes to the fields it names, and is told in any case. */
export function useSaveSubscription<Saved>(
  send: (input: SubscriptionInput) => Promise<Outcome<Saved>>,
  onSaved: (saved: Saved, helpers: FormHelpers<SubscriptionValues>) => void,
) {
  const { toggleNotification } = useNotification();
  const explain = useExplanation();
  const text = useText();

  return async (values: SubscriptionValues, helpers: FormHelpers<SubscriptionValues>) => {
    const outcome = await send(inputOf(values));

    if ('error' in outcome) {
      const { errors, shown, complete } = refusalOf(outcome.error, values);
      helpers.setErrors(errors);
      toggleNotification({
        type: 'danger',
        message: complete ? text('form.refused', { count: shown }) : explain(outcome.error),
      });
      return;
    }
    onSaved(outcome.data, helpers);
  };
}
