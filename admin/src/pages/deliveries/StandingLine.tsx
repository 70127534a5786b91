import { Flex, Link, Typography } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import { FromNow } from '../../components/FromNow';
import { useStatus } from '../../components/useStatus';
import { useText } from '../../translations/useText';
import { filtered, PATHS } from '../paths';

interface StandingLineProps {
  pollingInterval: number;
}

/** How it stands over all: what waits, since when, and what was given up. */
export function StandingLine({ pollingInterval }: StandingLineProps) {
  const text = useText();
  const status = useStatus({ pollingInterval });

  if (!status) {
    return (
      <Typography variant="epsilon" textColor="neutral600" tag="p">
        {text('deliveries.subtitle')}
      </Typography>
    );
  }
  return (
    <Flex gap={4} wrap="wrap">
      <Typography variant="epsilon" textColor="neutral600">
        {text('deliveries.backlog', { count: status.backlog })}
        {status.oldest_waiting_at ? (
          <>
            {` ${text('deliveries.oldest')} `}
            <FromNow at={status.oldest_waiting_at} />
          </>
        ) : null}
      </Typography>
      {status.dead > 0 ? (
        <Link tag={NavLink} to={filtered(PATHS.deliveries, { status: 'dead' })}>
          {text('deliveries.dead', { count: status.dead })}
        </Link>
      ) : (
        <Typography variant="epsilon" textColor="neutral600">
          {text('deliveries.dead', { count: 0 })}
        </Typography>
      )}
    </Flex>
  );
}
