import type * as React from 'react';
import { EmptyStateLayout, TextButton } from '@strapi/design-system';
import { EmptyDocuments } from '@strapi/icons/symbols';

import { useText } from '../../translations/useText';

interface EmptyListProps {
  filtered: boolean;
  onClear?: () => void;
  /** What it means that there is nothing at all, and what to do next. */
  content: string;
  action?: React.ReactNode;
}

/** Tells a list that holds nothing from one whose filters let nothing through. */
export function EmptyList({ filtered, onClear, content, action }: EmptyListProps) {
  const text = useText();

  return (
    <EmptyStateLayout
      icon={<EmptyDocuments width="16rem" />}
      hasRadius
      shadow="tableShadow"
      content={filtered ? text('list.no-match') : content}
      action={filtered ? <TextButton onClick={onClear}>{text('filter.clear')}</TextButton> : action}
    />
  );
}
