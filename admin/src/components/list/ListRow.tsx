import type * as React from 'react';
import { Table } from '@strapi/strapi/admin';
import { useNavigate } from 'react-router-dom';
import { useTheme } from 'styled-components';

interface ListRowProps {
  /** Where a click on the row leads; the keyboard has the link in it. */
  to: string;
  /** Somebody should look at this one. */
  alarming?: boolean;
  children: React.ReactNode;
}

/** A row that opens its page. Wraps its texts: Strapi's tables do not, and push columns out of sight. */
export function ListRow({ to, alarming = false, children }: ListRowProps) {
  const navigate = useNavigate();
  const { colors } = useTheme();

  return (
    <Table.Row
      onClick={() => navigate(to)}
      style={{
        cursor: 'pointer',
        whiteSpace: 'normal',
        // In dark mode Strapi's danger100 is hardly a colour.
        ...(alarming ? { boxShadow: `inset 3px 0 0 ${colors.danger600}` } : {}),
      }}
      {...(alarming ? { background: 'danger100' } : {})}
    >
      {children}
    </Table.Row>
  );
}
