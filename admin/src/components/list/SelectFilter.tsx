import { SingleSelect, SingleSelectOption } from '@strapi/design-system';

import { useText } from '../../translations/useText';

interface SelectFilterProps {
  label: string;
  options: { value: string; label: string }[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** A list's filter with few choices. */
export function SelectFilter({ label, options, value, onChange }: SelectFilterProps) {
  const text = useText();

  return (
    <SingleSelect
      aria-label={label}
      placeholder={label}
      size="S"
      value={value ?? null}
      onChange={(chosen) => onChange(String(chosen))}
      onClear={() => onChange(undefined)}
      clearLabel={text('filter.clear-one', { label })}
    >
      {options.map((option) => (
        <SingleSelectOption key={option.value} value={option.value}>
          {option.label}
        </SingleSelectOption>
      ))}
    </SingleSelect>
  );
}
