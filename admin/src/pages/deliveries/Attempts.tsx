import { Accordion, Box, Flex, Typography } from '@strapi/design-system';
import { useIntl } from 'react-intl';

import type { DeliveryDetail } from '../../../../server/src/contracts/delivery';
import { AttemptDetails } from '../../components/AttemptDetails';
import { OutcomeBadge } from '../../components/AttemptSummary';
import { attemptWords } from '../../components/attemptWords';
import { Panel } from '../../components/Panel';
import { useText } from '../../translations/useText';

/** Every attempt, newest first; the newest is open, because it is what one came for. */
export function Attempts({ delivery }: { delivery: DeliveryDetail }) {
  const text = useText();
  const { formatDate, formatNumber } = useIntl();
  const newestFirst = delivery.attempt_log.toReversed();
  const newest = newestFirst[0];

  return (
    <Panel title={text('attempts.title', { count: newestFirst.length })}>
      {newest === undefined ? (
        <Typography textColor="neutral600">
          {text(`attempts.none.${delivery.status === 'waiting' ? 'waiting' : 'settled'}`)}
        </Typography>
      ) : (
        <Accordion.Root size="S" collapsible defaultValue={String(newest.number)}>
          {newestFirst.map((attempt) => (
            <Accordion.Item key={attempt.number} value={String(attempt.number)}>
              <Accordion.Header>
                <Accordion.Trigger>
                  {text('attempt.heading', {
                    number: attempt.number,
                    words: attemptWords(attempt, text),
                  })}
                </Accordion.Trigger>
                <Accordion.Actions>
                  <Flex gap={3}>
                    <Typography
                      variant="pi"
                      textColor="neutral600"
                      style={{ whiteSpace: 'nowrap' }}
                    >
                      {text('attempt.description', {
                        at: formatDate(attempt.started_at, {
                          dateStyle: 'medium',
                          timeStyle: 'medium',
                        }),
                        ms: formatNumber(attempt.duration_ms),
                      })}
                    </Typography>
                    <OutcomeBadge outcome={attempt.outcome} />
                  </Flex>
                </Accordion.Actions>
              </Accordion.Header>
              <Accordion.Content>
                <Box padding={5}>
                  <AttemptDetails attempt={attempt} />
                </Box>
              </Accordion.Content>
            </Accordion.Item>
          ))}
        </Accordion.Root>
      )}
    </Panel>
  );
}
