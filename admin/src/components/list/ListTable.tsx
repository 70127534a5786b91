import type * as React from 'react';
import { Table } from '@strapi/strapi/admin';

interface ListTableProps<Row extends { id: string }> {
  /** Accessible name of the table. */
  label: string;
  headers: { name: string; label: string }[];
  rows: Row[];
  isLoading: boolean;
  children: (row: Row) => React.ReactNode;
}

/** Strapi's table for rows that come by cursor: nothing to sort, nothing to select. */
export function ListTable<Row extends { id: string }>(props: ListTableProps<Row>) {
  const { label, headers, rows, isLoading, children } = props;

  return (
    <div role="group" aria-label={label}>
      <Table.Root headers={headers} rows={rows} isLoading={isLoading}>
        <Table.Content>
          <Table.Head>
            {headers.map((header) => (
              <Table.HeaderCell key={header.name} {...header} />
            ))}
          </Table.Head>
          <Table.Loading />
          <Table.Body>{rows.map((row) => children(row))}</Table.Body>
        </Table.Content>
      </Table.Root>
    </div>
  );
}
