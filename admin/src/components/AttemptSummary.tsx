import { Flex, Typography } from '@strapi/design-system';
import type { StatusVariant } from '@strapi/design-system';
import { useIntl } from 'react-intl';

import type { Attempt } from '../../../server/src/contracts/delivery';
import { useText } from '../translations/useText';
import { attemptWords } from './attemptWords';
import { StateBadge } from './StateBadge';

const VARIANTS: Record<Attempt['outcome'], StatusVariant> = {
  delivered: 'success',
  transient: 'warning',
  permanent: 'danger',
  blocked: 'danger',
};

export function OutcomeBadge({ outcome }: { outcome: Attempt['outcome'] }) {
  const text = useText();

  return <StateBadge variant={VARIANTS[outcome]}>{text(`attempt.outcome.${outcome}`)}</StateBadge>;
}

/** One attempt on one line. */
export function AttemptSummary({ attempt }: { attempt: Attempt }) {
  const text = useText();
  const { formatNumber } = useIntl();

  return (
    <Flex gap={3} wrap="wrap" role="status">
      <OutcomeBadge outcome={attempt.outcome} />
      <Typography fontWeight="bold" textColor="neutral800">
        {attemptWords(attempt, text)}
      </Typography>
      <Typography textColor="neutral600">
        {text('attempt.duration', { ms: formatNumber(attempt.duration_ms) })}
      </Typography>
    </Flex>
  );
}
