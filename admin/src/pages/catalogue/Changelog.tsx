import { Flex, Typography } from '@strapi/design-system';

import type { ChangelogItem } from '../../../../server/src/contracts/catalogue';
import { Moment } from '../../components/Moment';
import { useText } from '../../translations/useText';

/** What changed with each version of a schema, newest first. */
export function Changelog({ versions }: { versions: ChangelogItem[] }) {
  const text = useText();

  if (versions.length === 0) {
    return <Typography textColor="neutral600">{text('event-type.no-changelog')}</Typography>;
  }
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      {versions.map(({ version, changes, recorded_at }) => (
        <div key={version}>
          <Typography tag="h3" fontWeight="bold" textColor="neutral800">
            {version}{' '}
            {recorded_at === null ? null : (
              <Typography variant="pi" textColor="neutral600">
                <Moment at={recorded_at} />
              </Typography>
            )}
          </Typography>
          <ul>
            {changes.map((change) => (
              <Typography key={change} tag="li" textColor="neutral800">
                {change}
              </Typography>
            ))}
          </ul>
        </div>
      ))}
    </Flex>
  );
}
