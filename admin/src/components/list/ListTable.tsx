import type * as React from 'react';
import { Th, Typography } from '@strapi/design-system';
import { Table } from '@strapi/strapi/admin';

interface ListTableProps<Row extends { id: string }> {
  /** Accessible name of the table. */
  label: string;
  headers: { name: string; label: string }[];
  rows: Row[];
  isLoading: boolean;
  /** Gives a row component, which must pass its `RowPosition` on to `ListRow`. */
  children: (row: Row) => React.ReactNode;
}

/**
 * Strapi's table for rows that come by cursor: nothing to sort, nothing to select. Its header cells are the design
 * system's: Strapi's `Table.HeaderCell` drops its place in the grid, and without a first cell to enter by the keyboard
 * never gets into the table.
 */
export function ListTable<Row extends { id: string }>(props: ListTableProps<Row>) {
  const { label, headers, rows, isLoading, children } = props;

  return (
    <div role="group" aria-label={label}>
      <Table.Root headers={headers} rows={rows} isLoading={isLoading}>
        <Table.Content>
          <Table.Head>
            {headers.map((header) => (
              <Th key={header.name}>
                <Typography variant="sigma" textColor="neutral600">
                  {header.label}
                </Typography>
              </Th>
            ))}
          </Table.Head>
          <Table.Loading />
          <Table.Body>{rows.map((row) => children(row))}</Table.Body>
        </Table.Content>
      </Table.Root>
    </div>
  );
}
