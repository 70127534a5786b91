import * as React from 'react';
import { useIntl } from 'react-intl';
import type { PrimitiveType } from 'react-intl';

import type en from './en.json';
import { translationId } from './translationId';

/** A key that en.json has; the compiler finds a text that is missing. */
export type TextKey = keyof typeof en;

export type Text = (key: TextKey, values?: Record<string, PrimitiveType>) => string;

/** The plugin's texts in the language of the panel. */
export function useText(): Text {
  const { formatMessage } = useIntl();

  return React.useCallback(
    (key, values) => formatMessage({ id: translationId(key) }, values),
    [formatMessage],
  );
}
