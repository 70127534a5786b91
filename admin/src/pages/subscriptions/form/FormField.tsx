import { Grid } from '@strapi/design-system';
import { InputRenderer, useForm } from '@strapi/strapi/admin';
import type { InputProps } from '@strapi/strapi/admin';

interface FormFieldProps {
  /** Of twelve columns. */
  size: number;
  field: InputProps;
}

/** One of Strapi's inputs in the form's grid, read-only where the user may only read. */
export function FormField({ size, field }: FormFieldProps) {
  const disabled = useForm('FormField', (state) => state.disabled);

  return (
    <Grid.Item col={size} xs={12} direction="column" alignItems="stretch">
      <InputRenderer {...field} disabled={disabled} />
    </Grid.Item>
  );
}
