import type * as React from 'react';
import { Box, TextButton } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { Layouts } from '@strapi/strapi/admin';

import { useText } from '../../translations/useText';

interface FilterBarProps {
  children: React.ReactNode;
  filtered: boolean;
  onClear: () => void;
  end?: React.ReactNode;
}

/** The row above a list: its filters, one way to drop them all, and what else concerns the list. */
export function FilterBar({ children, filtered, onClear, end }: FilterBarProps) {
  const text = useText();

  return (
    <Layouts.Action
      startActions={
        <>
          {children}
          {filtered ? (
            <Box paddingLeft={2}>
              <TextButton startIcon={<Cross />} onClick={onClear}>
                {text('filter.clear')}
              </TextButton>
            </Box>
          ) : null}
        </>
      }
      endActions={end}
    />
  );
}
