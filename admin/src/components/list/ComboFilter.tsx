import * as React from 'react';
import { Combobox, ComboboxOption } from '@strapi/design-system';

import { useText } from '../../translations/useText';

interface ComboFilterProps {
  label: string;
  options: { value: string; label: string }[];
  value: string | undefined;
  /** Also takes what is not among the options, such as a pattern. */
  free?: boolean;
  onChange: (value: string | undefined) => void;
}

/** A list's filter with many choices, found by typing. */
export function ComboFilter({ label, options, value, free = false, onChange }: ComboFilterProps) {
  const text = useText();
  const known = value === undefined || options.some((option) => option.value === value);
  const choices = known ? options : [...options, { value, label: value }];
  const chosen = choices.find((option) => option.value === value)?.label ?? '';
  const [typed, setTyped] = React.useState(chosen);

  // The combobox follows its value only when it was changed in it, not when all filters are cleared.
  React.useEffect(() => setTyped(chosen), [chosen]);

  return (
    <Combobox
      aria-label={label}
      placeholder={label}
      size="S"
      autocomplete={{ type: 'list', filter: 'contains' }}
      creatable={free}
      createMessage={(typed) => text('filter.use', { value: typed })}
      noOptionsMessage={() => text('filter.no-match')}
      clearLabel={text('filter.clear-one', { label })}
      value={value ?? ''}
      textValue={typed}
      onTextValueChange={setTyped}
      onChange={(next) => {
        if ((next ?? '') !== (value ?? '')) onChange(next || undefined);
      }}
      onClear={() => onChange(undefined)}
    >
      {choices.map((option) => (
        <ComboboxOption key={option.value} value={option.value} textValue={option.label}>
          {option.label}
        </ComboboxOption>
      ))}
    </Combobox>
  );
}
