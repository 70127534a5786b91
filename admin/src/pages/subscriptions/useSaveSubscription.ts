import { useNotification } from '@strapi/strapi/admin';
import type { FormHelpers } from '@strapi/strapi/admin';

import { useExplanation } from '../../components/useExplanation';
import type { Outcome } from '../../components/useReport';
import { formErrors } from './form/serverErrors';
import { inputOf } from './form/values';
import type { SubscriptionValues } from './form/values';
import type { SubscriptionInput } from '../../services/subscriptions';

/** Sends the form; a refusal goes to the fields it names, and is told in any case. */
export function useSaveSubscription<Saved>(
  send: (input: SubscriptionInput) => Promise<Outcome<Saved>>,
  onSaved: (saved: Saved, helpers: FormHelpers<SubscriptionValues>) => void,
) {
  const { toggleNotification } = useNotification();
  const explain = useExplanation();

  return async (values: SubscriptionValues, helpers: FormHelpers<SubscriptionValues>) => {
    const outcome = await send(inputOf(values));

    if ('error' in outcome) {
      const errors = formErrors(outcome.error, values);
      if (errors) helpers.setErrors(errors);
      toggleNotification({ type: 'danger', message: explain(outcome.error) });
      return;
    }
    onSaved(outcome.data, helpers);
  };
}
