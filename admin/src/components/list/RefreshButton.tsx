import { IconButton } from '@strapi/design-system';
import { ArrowClockwise } from '@strapi/icons';

import { useText } from '../../translations/useText';

interface RefreshButtonProps {
  /** Asks again; how that goes is shown by the list. */
  onRefresh: () => unknown;
}

export function RefreshButton({ onRefresh }: RefreshButtonProps) {
  const text = useText();

  return (
    <IconButton label={text('list.refresh')} onClick={onRefresh}>
      <ArrowClockwise />
    </IconButton>
  );
}
