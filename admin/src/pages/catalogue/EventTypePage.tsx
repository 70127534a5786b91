import { Flex, Link, Typography } from '@strapi/design-system';
import { BackButton, Layouts, Page } from '@strapi/strapi/admin';
import { NavLink, useParams } from 'react-router-dom';

import type { CatalogueDetail } from '../../../../server/src/contracts/catalogue-detail';
import { Code } from '../../components/Code';
import { PageFailure } from '../../components/Failure';
import { Notice } from '../../components/Notice';
import { Panel } from '../../components/Panel';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireEventTypeQuery } from '../../services/catalogue';
import { useText } from '../../translations/useText';
import { filtered, PATHS } from '../paths';
import { Changelog } from './Changelog';
import { EventTypeFacts } from './EventTypeFacts';
import { UsedBy } from './UsedBy';

function EventTypeDetails({ detail }: { detail: CatalogueDetail }) {
  const text = useText();
  const [example] = detail.examples;
  const eventsOf = (more: Record<string, string> = {}) =>
    filtered(PATHS.events, { event_type: detail.event_type, ...more });

  return (
    <Page.Main>
      <Page.Title>{detail.event_type}</Page.Title>
      <Layouts.Header
        title={detail.event_type}
        subtitle={detail.summary}
        navigationAction={<BackButton fallback={PATHS.catalogue} />}
      />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={6} paddingBottom={10}>
          {detail.invalid > 0 ? (
            <Notice
              variant="warning"
              title={text('event-type.invalid', { count: detail.invalid })}
              action={
                <Link tag={NavLink} to={eventsOf({ status: 'invalid' })}>
                  {text('events.show-invalid')}
                </Link>
              }
            />
          ) : null}
          <Panel
            title={text('event-type.facts')}
            action={
              <Link tag={NavLink} to={eventsOf()}>
                {text('event-type.show-events')}
              </Link>
            }
          >
            <EventTypeFacts detail={detail} />
          </Panel>
          <Panel title={text('event-type.used')}>
            <UsedBy subscriptions={detail.subscriptions} />
          </Panel>
          <Panel title={text('event-type.rules')}>
            {detail.rules.length === 0 ? (
              <Typography textColor="neutral600">{text('event-type.no-rules')}</Typography>
            ) : (
              <ul>
                {detail.rules.map(({ code, summary }) => (
                  <Typography key={code} tag="li" textColor="neutral800">
                    {summary} ({code})
                  </Typography>
                ))}
              </ul>
            )}
          </Panel>
          <Panel title={text('event-type.changelog')}>
            <Changelog versions={detail.changelog} />
          </Panel>
          <Panel title={text('event-type.example')}>
            {example === undefined ? (
              <Typography textColor="neutral600">{text('event-type.no-example')}</Typography>
            ) : (
              <Code label="JSON" value={JSON.stringify(example, null, 2)} />
            )}
          </Panel>
          <Panel title={text('event-type.schema')}>
            <Code label="JSON Schema" value={JSON.stringify(detail.schema, null, 2)} />
          </Panel>
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
}

function EventType() {
  const { type = '' } = useParams();
  const detail = useGetNewswireEventTypeQuery(type, { refetchOnMountOrArgChange: true });

  if (detail.error) return <PageFailure error={detail.error} onRetry={detail.refetch} />;
  if (!detail.data) return <Page.Loading />;
  return <EventTypeDetails detail={detail.data} />;
}

export function EventTypePage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readEvents}>
      <EventType />
    </Page.Protect>
  );
}
