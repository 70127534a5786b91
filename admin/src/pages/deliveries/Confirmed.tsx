import type * as React from 'react';
import { Button, Dialog } from '@strapi/design-system';
import { ConfirmDialog } from '@strapi/strapi/admin';

interface ConfirmedProps {
  label: string;
  icon: React.ReactNode;
  variant: 'secondary' | 'danger-light';
  title: string;
  explanation: string;
  onConfirm: () => Promise<void>;
}

/** A button whose consequence is told, and agreed to, before it has any. */
export function Confirmed({ label, icon, variant, title, explanation, onConfirm }: ConfirmedProps) {
  return (
    <Dialog.Root>
      <Dialog.Trigger>
        <Button variant={variant} startIcon={icon}>
          {label}
        </Button>
      </Dialog.Trigger>
      <ConfirmDialog title={title} variant={variant} onConfirm={onConfirm}>
        {explanation}
      </ConfirmDialog>
    </Dialog.Root>
  );
}
