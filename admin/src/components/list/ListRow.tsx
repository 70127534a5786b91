import type * as React from 'react';
import { Table } from '@strapi/strapi/admin';
import { useNavigate } from 'react-router-dom';

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

  return (
    <Table.Row
      onClick={() => navigate(to)}
      style={{ cursor: 'pointer', whiteSpace: 'normal' }}
      {...(alarming ? { background: 'danger100' } : {})}
    >
      {children}
    </Table.Row>
  );
}
