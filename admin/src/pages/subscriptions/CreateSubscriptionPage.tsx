import * as React from 'react';
import { Button, Flex } from '@strapi/design-system';
import { Check } from '@strapi/icons';
import { BackButton, Blocker, Form, Layouts, Page } from '@strapi/strapi/admin';
import { useNavigate } from 'react-router-dom';

import type { CreatedSubscription } from '../../../../server/src/contracts/subscription';
import { useStatus } from '../../components/useStatus';
import { PERMISSIONS } from '../../permissions';
import { useCreateNewswireSubscriptionMutation } from '../../services/subscriptions';
import { useText } from '../../translations/useText';
import { PATHS, subscriptionPath } from '../paths';
import { EncryptionKeyNotice } from './EncryptionKeyNotice';
import { SubscriptionFields } from './form/SubscriptionFields';
import { validator } from './form/validate';
import { NEW_SUBSCRIPTION } from './form/values';
import { SecretDialog } from './SecretDialog';
import { useSaveSubscription } from './useSaveSubscription';

function CreateSubscription() {
  const text = useText();
  const navigate = useNavigate();
  const status = useStatus();
  const [create, { reset }] = useCreateNewswireSubscriptionMutation();
  const [created, setCreated] = React.useState<CreatedSubscription>();
  const allowHttp = status?.allow_http ?? false;
  const keyMissing = status?.encryption_key === false;

  const save = useSaveSubscription(create, (subscription, helpers) => {
    // What is saved is no longer unsaved: leaving must not be questioned.
    helpers.resetForm();
    setCreated(subscription);
  });

  return (
    <Page.Main>
      <Page.Title>{text('subscription.create.title')}</Page.Title>
      <Form
        method="POST"
        initialValues={NEW_SUBSCRIPTION}
        validate={validator({ allowHttp, text })}
        onSubmit={save}
      >
        {({ isSubmitting }) => (
          <>
            <Layouts.Header
              title={text('subscription.create.title')}
              subtitle={text('subscription.create.subtitle')}
              navigationAction={<BackButton fallback={PATHS.subscriptions} />}
              primaryAction={
                <Button
                  type="submit"
                  startIcon={<Check />}
                  loading={isSubmitting}
                  disabled={keyMissing}
                >
                  {text('form.save')}
                </Button>
              }
            />
            <Layouts.Content>
              <Flex direction="column" alignItems="stretch" gap={4}>
                {keyMissing ? <EncryptionKeyNotice /> : null}
                <SubscriptionFields allowHttp={allowHttp} />
              </Flex>
            </Layouts.Content>
            <Blocker />
          </>
        )}
      </Form>
      {created ? (
        <SecretDialog
          created={created}
          onClose={() => {
            // The answer holds the secret, and the panel's store would keep it.
            reset();
            navigate(subscriptionPath(created.id), { replace: true });
          }}
        />
      ) : null}
    </Page.Main>
  );
}

export function CreateSubscriptionPage() {
  return (
    <Page.Protect permissions={PERMISSIONS.updateSubscriptions}>
      <CreateSubscription />
    </Page.Protect>
  );
}
