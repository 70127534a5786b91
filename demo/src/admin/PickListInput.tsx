import { forwardRef, type ReactNode } from 'react';
import { Field, MultiSelect, MultiSelectOption } from '@strapi/design-system';

interface PickListInputProps {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  labelAction?: ReactNode;
  required?: boolean;
  disabled?: boolean;
  error?: string;
  value?: unknown;
  onChange: (name: string, value: string[]) => void;
  attribute: { options?: { choices?: string[] } };
}

/** Lets an editor pick several words, e.g. territories, and keeps them as a JSON list of text. */
export const PickListInput = forwardRef<HTMLDivElement, PickListInputProps>((props, ref) => {
  const { name, label, hint, labelAction, required, disabled, error, onChange, attribute } = props;
  const picked = wordsIn(props.value);
  // What is stored stays visible and removable, even if the list of choices has changed since.
  const choices = [...new Set([...(attribute.options?.choices ?? []), ...picked])];

  return (
    <Field.Root name={name} id={name} hint={hint} error={error} required={required ?? false}>
      <Field.Label action={labelAction}>{label}</Field.Label>
      <MultiSelect
        ref={ref}
        withTags
        disabled={disabled ?? false}
        value={picked}
        onChange={(value) => onChange(name, inOrderOf(choices, value))}
        onClear={() => onChange(name, [])}
      >
        {choices.map((choice) => (
          <MultiSelectOption key={choice} value={choice}>
            {choice}
          </MultiSelectOption>
        ))}
      </MultiSelect>
      <Field.Hint />
      <Field.Error />
    </Field.Root>
  );
});

PickListInput.displayName = 'PickListInput';

function wordsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}

/** The same words always give the same list, so that picking in another order is no change. */
function inOrderOf(choices: string[], picked: string[]): string[] {
  return choices.filter((choice) => picked.includes(choice));
}
