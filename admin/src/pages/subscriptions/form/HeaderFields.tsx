import {
  Box,
  Field,
  Flex,
  Grid,
  IconButton,
  TextButton,
  TextInput,
  Typography,
} from '@strapi/design-system';
import { Plus, Trash } from '@strapi/icons';
import { useField, useForm } from '@strapi/strapi/admin';

import { useText } from '../../../translations/useText';
import { Section } from './Section';
import { MASKED_VALUE } from './values';
import type { HeaderRow } from './values';

interface HeaderInputProps {
  path: string;
  label: string;
}

function HeaderInput({ path, label }: HeaderInputProps) {
  const disabled = useForm('HeaderInput', (state) => state.disabled);
  const { value = '', error, onChange } = useField<string>(path);

  return (
    <Field.Root name={path} error={error ?? ''}>
      <Field.Label>{label}</Field.Label>
      <TextInput
        value={value}
        disabled={disabled}
        autoComplete="off"
        onChange={(event) => onChange(path, event.target.value)}
        onFocus={(event) => {
          // A hidden value can only be replaced as a whole.
          if (value === MASKED_VALUE) event.target.select();
        }}
      />
      <Field.Error />
    </Field.Root>
  );
}

/** Custom headers of every request; their values may be credentials and are never shown again. */
export function HeaderFields() {
  const text = useText();
  const disabled = useForm('HeaderFields', (state) => state.disabled);
  const hasError = useForm('HeaderFields', ({ errors }) => 'headers' in errors);
  const { value: rows = [], error, onChange } = useField<HeaderRow[]>('headers');

  return (
    <Section
      title={text('form.headers.title')}
      description={text('form.headers.description')}
      hasError={hasError}
    >
      <Typography variant="pi" textColor="neutral600">
        {text('form.headers.hint')}
      </Typography>
      {error ? (
        <Typography variant="pi" textColor="danger600">
          {error}
        </Typography>
      ) : null}
      {rows.map((_row, index) => (
        <Grid.Root
          key={index}
          gap={4}
          role="group"
          aria-label={text('form.headers.row', { number: index + 1 })}
        >
          <Grid.Item col={5} xs={12} direction="column" alignItems="stretch">
            <HeaderInput path={`headers.${index}.name`} label={text('form.headers.name')} />
          </Grid.Item>
          <Grid.Item col={7} xs={12} direction="column" alignItems="stretch">
            <Flex gap={2} alignItems="flex-start">
              <Box flex="1">
                <HeaderInput path={`headers.${index}.value`} label={text('form.headers.value')} />
              </Box>
              <Box paddingTop={6}>
                <IconButton
                  type="button"
                  label={text('form.headers.remove', { number: index + 1 })}
                  disabled={disabled}
                  onClick={() =>
                    onChange(
                      'headers',
                      rows.filter((_other, other) => other !== index),
                    )
                  }
                >
                  <Trash />
                </IconButton>
              </Box>
            </Flex>
          </Grid.Item>
        </Grid.Root>
      ))}
      <Box>
        <TextButton
          type="button"
          startIcon={<Plus />}
          disabled={disabled}
          onClick={() => onChange('headers', [...rows, { name: '', value: '' }])}
        >
          {text('form.headers.add')}
        </TextButton>
      </Box>
    </Section>
  );
}
