import * as React from 'react';
import { useAPIErrorHandler } from '@strapi/strapi/admin';

import { useText } from '../translations/useText';

type Failure = Parameters<ReturnType<typeof useAPIErrorHandler>['_unstableFormatAPIError']>[0];

/** Turns what a request failed with into a sentence for a person. */
export function useExplanation() {
  const text = useText();
  const { _unstableFormatAPIError: formatAPIError } = useAPIErrorHandler();

  return React.useCallback(
    (error: Failure): string => {
      const status = 'status' in error ? error.status : undefined;
      // Only an answer has a status: without one the request never arrived.
      if (status === undefined && error.name === 'TypeError') return text('error.unreachable');
      if (status === 403) return text('error.forbidden');
      if (status === 404) return text('error.not-found');
      return formatAPIError(error);
    },
    [formatAPIError, text],
  );
}
