import { Flex, LinkButton } from '@strapi/design-system';
import { Plus } from '@strapi/icons';
import { Layouts, Page, useQueryParams } from '@strapi/strapi/admin';
import { NavLink } from 'react-router-dom';

import { ListFailure } from '../../components/Failure';
import { EmptyList } from '../../components/list/EmptyList';
import { ListTable } from '../../components/list/ListTable';
import { Pager } from '../../components/list/Pager';
import { useAllowed } from '../../components/useAllowed';
import { useStatus } from '../../components/useStatus';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireSubscriptionsQuery } from '../../services/subscriptions';
import { useText } from '../../translations/useText';
import { PATHS } from '../paths';
import { EncryptionKeyNotice } from './EncryptionKeyNotice';
import { SubscriptionRow } from './SubscriptionRow';

function CreateButton({ disabled }: { disabled: boolean }) {
  const text = useText();

  return (
    <LinkButton
      tag={NavLink}
      to={PATHS.createSubscription}
      startIcon={<Plus />}
      disabled={disabled}
      title={disabled ? text('encryption-key.title') : undefined}
    >
      {text('subscriptions.create')}
    </LinkButton>
  );
}

function Subscriptions() {
  const text = useText();
  const [{ query }] = useQueryParams<{ after?: string }>();
  const editable = useAllowed(PERMISSIONS.updateSubscriptions);
  const status = useStatus();
  const list = useGetNewswireSubscriptionsQuery(
    { after: query.after },
    { refetchOnMountOrArgChange: true },
  );
  const rows = list.currentData?.data ?? [];
  const keyMissing = status?.encryption_key === false;
  const create = editable ? <CreateButton disabled={keyMissing} /> : undefined;

  return (
    <Page.Main>
      <Page.Title>{text('subscriptions.title')}</Page.Title>
      <Layouts.Header
        title={text('subscriptions.title')}
        subtitle={text('subscriptions.subtitle')}
        primaryAction={create}
      />
      <Layouts.Content>
        <Flex direction="column" alignItems="stretch" gap={4}>
          {keyMissing ? <EncryptionKeyNotice /> : null}
          {list.error ? (
            <ListFailure error={list.error} onRetry={list.refetch} />
          ) : list.currentData && rows.length === 0 ? (
            <EmptyList
              filtered={false}
              content={text(editable ? 'subscriptions.empty' : 'subscriptions.empty-read-only')}
              action={create}
            />
          ) : (
            <ListTable
              label={text('subscriptions.title')}
              headers={[
                { name: 'name', label: text('subscriptions.column.name') },
                { name: 'state', label: text('subscriptions.column.state') },
                { name: 'event_types', label: text('subscriptions.column.event-types') },
                { name: 'updated_at', label: text('subscriptions.column.updated') },
                { name: 'actions', label: text('subscriptions.actions') },
              ]}
              rows={rows}
              isLoading={!list.currentData}
            >
              {(subscription) => (
                <SubscriptionRow
                  key={subscription.id}
                  subscription={subscription}
                  editable={editable}
                />
              )}
            </ListTable>
          )}
          <Pager meta={list.currentData?.meta} />
        </Flex>
      </Layouts.Content>
    </Page.Main>
  );
}

export function SubscriptionsPage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readSubscriptions}>
      <Subscriptions />
    </Page.Protect>
  );
}
