import * as React from 'react';
import { Flex } from '@strapi/design-system';
import { Blocker, Form, Layouts, Page, useNotification } from '@strapi/strapi/admin';
import { useParams } from 'react-router-dom';

import type { Subscription } from '../../../../server/src/contracts/subscription';
import { PageFailure } from '../../components/Failure';
import { useAllowed } from '../../components/useAllowed';
import { useStatus } from '../../components/useStatus';
import { PERMISSIONS } from '../../permissions';
import {
  useGetNewswireSubscriptionQuery,
  useUpdateNewswireSubscriptionMutation,
} from '../../services/subscriptions';
import { useText } from '../../translations/useText';
import { SubscriptionFields } from './form/SubscriptionFields';
import { validator } from './form/validate';
import { valuesOf } from './form/values';
import { StateNotice } from './StateNotice';
import { SubscriptionHeader } from './SubscriptionHeader';
import { useSaveSubscription } from './useSaveSubscription';

function EditSubscription({ subscription }: { subscription: Subscription }) {
  const text = useText();
  const { toggleNotification } = useNotification();
  const status = useStatus();
  const editable = useAllowed(PERMISSIONS.updateSubscriptions);
  const [update] = useUpdateNewswireSubscriptionMutation();
  const values = React.useMemo(() => valuesOf(subscription), [subscription]);
  const allowHttp = status?.allow_http ?? false;

  const save = useSaveSubscription(
    (changes) => update({ id: subscription.id, changes }),
    (saved, helpers) => {
      helpers.resetForm(valuesOf(saved));
      toggleNotification({ type: 'success', message: text('subscription.saved') });
    },
  );

  return (
    <Page.Main>
      <Page.Title>{subscription.name}</Page.Title>
      <Form
        method="PUT"
        initialValues={values}
        disabled={!editable}
        validate={validator({ allowHttp, text })}
        onSubmit={save}
      >
        {({ isSubmitting, modified }) => (
          <>
            <SubscriptionHeader
              subscription={subscription}
              editable={editable}
              modified={modified}
              isSubmitting={isSubmitting}
            />
            <Layouts.Content>
              <Flex direction="column" alignItems="stretch" gap={4}>
                <StateNotice subscription={subscription} />
                <SubscriptionFields allowHttp={allowHttp} />
              </Flex>
            </Layouts.Content>
            <Blocker />
          </>
        )}
      </Form>
    </Page.Main>
  );
}

function LoadSubscription() {
  const { id = '' } = useParams();
  const {
    currentData: data,
    error,
    isFetching,
    refetch,
  } = useGetNewswireSubscriptionQuery(id, {
    refetchOnMountOrArgChange: true,
  });

  if (!data && isFetching) return <Page.Loading />;
  if (!data) return <PageFailure error={error ?? {}} onRetry={refetch} />;
  return <EditSubscription key={data.id} subscription={data} />;
}

export function EditSubscriptionPage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readSubscriptions}>
      <LoadSubscription />
    </Page.Protect>
  );
}
