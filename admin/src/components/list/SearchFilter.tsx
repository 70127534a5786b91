import * as React from 'react';
import { SearchForm, Searchbar } from '@strapi/design-system';

import { useText } from '../../translations/useText';

interface SearchFilterProps {
  name: string;
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** A list's filter for exact text; takes effect on Enter and when it is left. */
export function SearchFilter({ name, label, value, onChange }: SearchFilterProps) {
  const text = useText();
  const [typed, setTyped] = React.useState(value ?? '');

  React.useEffect(() => setTyped(value ?? ''), [value]);

  const apply = () => {
    const wanted = typed.trim();
    if (wanted !== (value ?? '')) onChange(wanted === '' ? undefined : wanted);
  };

  return (
    <SearchForm
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Searchbar
        name={name}
        size="S"
        placeholder={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={apply}
        onClear={() => {
          setTyped('');
          onChange(undefined);
        }}
        clearLabel={text('filter.clear-one', { label })}
      >
        {label}
      </Searchbar>
    </SearchForm>
  );
}
