import { Typography } from '@strapi/design-system';

import { useText } from '../../translations/useText';
import { Notice } from '../Notice';
import { useExplanation } from '../useExplanation';

interface StaleNoticeProps {
  error: Parameters<ReturnType<typeof useExplanation>>[0];
}

/** A list that refreshes itself could not: what it shows may no longer be so. */
export function StaleNotice({ error }: StaleNoticeProps) {
  const text = useText();
  const explain = useExplanation();

  return (
    <Notice variant="warning" title={text('list.stale')}>
      <Typography>{explain(error)}</Typography>
    </Notice>
  );
}
