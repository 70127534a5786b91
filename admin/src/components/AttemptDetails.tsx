import { Flex, Grid, Typography } from '@strapi/design-system';

import type { Attempt } from '../../../server/src/contracts/delivery';
import { useText } from '../translations/useText';
import { Code } from './Code';
import { prettyJson } from './prettyJson';

function lines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** What was sent and what came back. */
export function AttemptDetails({ attempt }: { attempt: Attempt }) {
  const text = useText();
  const { request, response, status_code: status } = attempt;

  return (
    <Grid.Root gap={5}>
      <Grid.Item col={6} xs={12} direction="column" alignItems="stretch" gap={4}>
        <Typography variant="delta" tag="h3">
          {text('attempt.response')}
        </Typography>
        {status === null ? (
          <Typography textColor="neutral600">{text('attempt.no-answer')}</Typography>
        ) : (
          <>
            <Code label={text('attempt.response.body')} value={prettyJson(response.body)} />
            {response.truncated ? (
              <Typography variant="pi" textColor="warning600">
                {text('attempt.truncated')}
              </Typography>
            ) : null}
            <Code label={text('attempt.response.headers')} value={lines(response.headers)} />
          </>
        )}
      </Grid.Item>
      <Grid.Item col={6} xs={12} direction="column" alignItems="stretch" gap={4}>
        <Flex>
          <Typography variant="delta" tag="h3">
            {text('attempt.request')}
          </Typography>
        </Flex>
        <Code label={text('attempt.request.headers')} value={lines(request.headers)} />
        <Code label={text('attempt.request.body')} value={prettyJson(request.body)} />
      </Grid.Item>
    </Grid.Root>
  );
}
