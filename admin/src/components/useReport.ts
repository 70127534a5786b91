import * as React from 'react';
import { useNotification } from '@strapi/strapi/admin';

import { useExplanation } from './useExplanation';

type Failure = Parameters<ReturnType<typeof useExplanation>>[0];

/** What a mutation of RTK Query resolves to. */
export type Outcome<T> = { data: T } | { error: Failure };

/** Tells the user how a request went; true when it went well. */
export function useReport() {
  const { toggleNotification } = useNotification();
  const explain = useExplanation();

  return React.useCallback(
    <T>(outcome: Outcome<T>, success: string): outcome is { data: T } => {
      if ('error' in outcome) {
        toggleNotification({ type: 'danger', message: explain(outcome.error) });
        return false;
      }
      toggleNotification({ type: 'success', message: success });
      return true;
    },
    [explain, toggleNotification],
  );
}
