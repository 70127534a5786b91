import { Grid } from '@strapi/design-system';

import { useText } from '../../../translations/useText';
import { FormField } from './FormField';

interface GeneralFieldsProps {
  allowHttp: boolean;
}

export function GeneralFields({ allowHttp }: GeneralFieldsProps) {
  const text = useText();

  return (
    <Grid.Root gap={5}>
      <FormField
        size={6}
        field={{ name: 'name', type: 'string', label: text('form.name.label'), required: true }}
      />
      <FormField
        size={6}
        field={{
          name: 'owner_email',
          type: 'email',
          label: text('form.owner-email.label'),
          hint: text('form.owner-email.hint'),
        }}
      />
      <FormField
        size={12}
        field={{
          name: 'destination.url',
          type: 'string',
          label: text('form.url.label'),
          placeholder: 'https://partner.example/hooks/newswire',
          hint: text(allowHttp ? 'form.url.hint-http' : 'form.url.hint'),
          required: true,
        }}
      />
    </Grid.Root>
  );
}
