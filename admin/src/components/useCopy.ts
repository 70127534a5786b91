import { useClipboard, useNotification } from '@strapi/strapi/admin';

import { useText } from '../translations/useText';

/** Copies to the clipboard and says so, or says why not. */
export function useCopy() {
  const text = useText();
  const { copy } = useClipboard();
  const { toggleNotification } = useNotification();

  return async (value: string, what: string) => {
    const copied = await copy(value);
    toggleNotification(
      copied
        ? { type: 'success', message: text('copy.done', { what }) }
        : { type: 'warning', message: text('copy.failed') },
    );
    return copied;
  };
}
