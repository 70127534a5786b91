import * as React from 'react';

import { useGetNewswireContentTypesQuery } from '../../services/contentTypes';
import { useText } from '../../translations/useText';

/** Content types by the names that editors know them by; none of them: Newswire itself. */
export function useSourceNames(): (uids: string[]) => string {
  const text = useText();
  const { data: types } = useGetNewswireContentTypesQuery();

  return React.useCallback(
    (uids) => {
      const names = new Map(types?.map(({ uid, info }) => [uid, info.displayName] as const));
      return uids.length === 0
        ? text('catalogue.source.own')
        : uids.map((uid) => names.get(uid) ?? uid).join(', ');
    },
    [types, text],
  );
}
