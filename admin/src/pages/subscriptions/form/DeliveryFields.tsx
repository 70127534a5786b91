import { Grid } from '@strapi/design-system';
import { useField, useForm } from '@strapi/strapi/admin';

import { useText } from '../../../translations/useText';
import { FormField } from './FormField';
import { Section } from './Section';
import { ORDERS, RETRY_PRESETS } from './values';
import type { SubscriptionValues } from './values';

const RETRIES = [...RETRY_PRESETS, 'custom'] as const;

export function DeliveryFields() {
  const text = useText();
  const hasError = useForm('DeliveryFields', ({ errors }) => {
    const { delivery, destination } = errors as { delivery?: object; destination?: object };
    return delivery !== undefined || 'timeout_seconds' in (destination ?? {});
  });
  const { value: retry = 'partner' } =
    useField<SubscriptionValues['delivery']['retry']>('delivery.retry');
  const { value: order = 'per_subject' } =
    useField<SubscriptionValues['delivery']['order']>('delivery.order');

  return (
    <Section
      title={text('form.delivery.title')}
      description={text('form.delivery.description')}
      hasError={hasError}
    >
      <Grid.Root gap={5}>
        <FormField
          size={6}
          field={{
            name: 'delivery.retry',
            type: 'enumeration',
            label: text('form.retry.label'),
            hint: text(`form.retry.${retry}.hint`),
            required: true,
            options: RETRIES.map((value) => ({ value, label: text(`form.retry.${value}`) })),
          }}
        />
        {retry === 'custom' ? (
          <FormField
            size={6}
            field={{
              name: 'delivery.retry_seconds',
              type: 'string',
              label: text('form.retry-seconds.label'),
              placeholder: '0, 10, 60, 300',
              hint: text('form.retry-seconds.hint'),
              required: true,
            }}
          />
        ) : null}
        <FormField
          size={6}
          field={{
            name: 'delivery.order',
            type: 'enumeration',
            label: text('form.order.label'),
            hint: text(`form.order.${order}.hint`),
            required: true,
            options: ORDERS.map((value) => ({ value, label: text(`form.order.${value}`) })),
          }}
        />
        <FormField
          size={6}
          field={{
            name: 'delivery.concurrency',
            type: 'integer',
            label: text('form.concurrency.label'),
            hint: text('form.concurrency.hint'),
            required: true,
          }}
        />
        <FormField
          size={6}
          field={{
            name: 'destination.timeout_seconds',
            type: 'integer',
            label: text('form.timeout.label'),
            hint: text('form.timeout.hint'),
            required: true,
          }}
        />
      </Grid.Root>
    </Section>
  );
}
