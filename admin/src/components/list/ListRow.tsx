import type * as React from 'react';
import { Table } from '@strapi/strapi/admin';
import { useNavigate } from 'react-router-dom';
import { useTheme } from 'styled-components';

/** Given by the table to its rows, for moving between cells with the arrow keys. */
export interface RowPosition {
  'aria-rowindex'?: number;
}

interface ListRowProps {
  /** Where a click on the row leads; the keyboard has the link in it. */
  to: string;
  /** Somebody should look at this one. */
  alarming?: boolean;
  position: RowPosition;
  children: React.ReactNode;
}

/** A row that opens its page. Wraps its texts: Strapi's tables do not, and push columns out of sight. */
export function ListRow({ to, alarming = false, position, children }: ListRowProps) {
  const navigate = useNavigate();
  const { colors } = useTheme();

  return (
    <Table.Row
      {...position}
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
