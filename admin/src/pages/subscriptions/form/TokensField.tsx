import * as React from 'react';
import { Combobox, ComboboxOption, Field, Flex, Tag } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { useField, useForm } from '@strapi/strapi/admin';

import { useText } from '../../../translations/useText';

export interface TokenOption {
  value: string;
  /** What it means, after the value. */
  meaning?: string | undefined;
}

interface TokensFieldProps {
  name: string;
  label: string;
  hint: string;
  placeholder: string;
  required?: boolean;
  options: TokenOption[];
  /** Says what is wrong with typed text; undefined when nothing is. */
  refuse?: (typed: string) => string | undefined;
  /** In place of tags. */
  children?: (tokens: string[], remove: (token: string) => void) => React.ReactNode;
}

/** Several short texts, picked from what is known or typed freely. */
export function TokensField(props: TokensFieldProps) {
  const { name, label, hint, placeholder, required = false, options, refuse, children } = props;
  const text = useText();
  const disabled = useForm('TokensField', (state) => state.disabled);
  const { value: tokens = [], error, onChange } = useField<string[]>(name);
  const [typed, setTyped] = React.useState('');
  const [open, setOpen] = React.useState(false);
  const [refusal, setRefusal] = React.useState<string>();
  const added = React.useRef<string>();

  const add = (wanted: string | undefined) => {
    const token = wanted?.trim() ?? '';
    if (token === '') return;
    const problem = refuse?.(token);
    setRefusal(problem);
    if (problem) return;
    added.current = wanted;
    setTyped('');
    if (!tokens.includes(token)) onChange(name, [...tokens, token]);
  };

  const remove = (token: string) =>
    onChange(
      name,
      tokens.filter((other) => other !== token),
    );

  return (
    <Field.Root name={name} error={refusal ?? error ?? ''} hint={hint} required={required}>
      <Field.Label>{label}</Field.Label>
      <Combobox
        autocomplete={{ type: 'list', filter: 'contains' }}
        creatable
        createMessage={(wanted) => text('form.add-token', { value: wanted })}
        noOptionsMessage={() => text('filter.no-match')}
        placeholder={placeholder}
        disabled={disabled}
        open={open}
        onOpenChange={setOpen}
        value=""
        textValue={typed}
        onTextValueChange={(next) => {
          // The combobox writes what was picked into its input; it has become a token instead.
          setTyped(next === added.current ? '' : next);
          setRefusal(undefined);
          added.current = undefined;
        }}
        onChange={add}
        onKeyDown={(event: React.KeyboardEvent<HTMLInputElement>) => {
          const picking = event.currentTarget.getAttribute('aria-activedescendant') !== null;
          if (event.key !== 'Enter' || picking || typed === '') return;
          event.preventDefault();
          setOpen(false);
          add(typed);
        }}
        onBlur={(event: React.FocusEvent) => {
          // The combobox would take what was typed, half a word in search of another included.
          event.preventDefault();
          if (!open && typed !== '') setRefusal(text('form.token-left', { value: typed }));
        }}
      >
        {options
          .filter((option) => !tokens.includes(option.value))
          .map(({ value, meaning }) => (
            <ComboboxOption key={value} value={value} textValue={value}>
              {meaning ? `${value} — ${meaning}` : value}
            </ComboboxOption>
          ))}
      </Combobox>
      <Field.Error />
      <Field.Hint />
      {children ? (
        children(tokens, remove)
      ) : (
        <Tags tokens={tokens} remove={remove} disabled={disabled} />
      )}
    </Field.Root>
  );
}

interface TagsProps {
  tokens: string[];
  remove: (token: string) => void;
  disabled: boolean;
}

function Tags({ tokens, remove, disabled }: TagsProps) {
  const text = useText();

  if (tokens.length === 0) return null;
  return (
    <Flex gap={2} wrap="wrap" paddingTop={1}>
      {tokens.map((token) => (
        <Tag
          key={token}
          icon={<Cross aria-hidden />}
          label={text('form.remove-token', { value: token })}
          disabled={disabled}
          onClick={(event) => {
            // The tag's button has no type, so inside a form it would submit it.
            event.preventDefault();
            remove(token);
          }}
        >
          {token}
        </Tag>
      ))}
    </Flex>
  );
}
