import type * as React from 'react';
import { Status, Typography } from '@strapi/design-system';
import type { StatusVariant } from '@strapi/design-system';

interface StateBadgeProps {
  variant: StatusVariant;
  children: React.ReactNode;
}

/** A state as Strapi's content manager shows draft and published. */
export function StateBadge({ variant, children }: StateBadgeProps) {
  return (
    <Status variant={variant} size="XS" width="min-content">
      <Typography tag="span" variant="omega" fontWeight="bold" style={{ whiteSpace: 'nowrap' }}>
        {children}
      </Typography>
    </Status>
  );
}
