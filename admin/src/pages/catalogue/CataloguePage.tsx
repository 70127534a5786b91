import * as React from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';
import { Layouts, Page, Table } from '@strapi/strapi/admin';

import type { CatalogueEntry } from '../../../../server/src/contracts/catalogue';
import { ListFailure } from '../../components/Failure';
import { EmptyList } from '../../components/list/EmptyList';
import { FilterBar } from '../../components/list/FilterBar';
import { ListRow } from '../../components/list/ListRow';
import type { RowPosition } from '../../components/list/ListRow';
import { ListTable } from '../../components/list/ListTable';
import { RowLink } from '../../components/list/RowLink';
import { SearchFilter } from '../../components/list/SearchFilter';
import { useListQuery } from '../../components/list/useListQuery';
import { TypeTag } from '../../components/TypeTag';
import { PERMISSIONS } from '../../permissions';
import { useGetNewswireCatalogueQuery } from '../../services/catalogue';
import { useText } from '../../translations/useText';
import { eventTypePath } from '../paths';
import { useSourceNames } from './useSourceNames';

interface CatalogueRowProps extends RowPosition {
  entry: CatalogueEntry;
}

function CatalogueRow({ entry, ...position }: CatalogueRowProps) {
  const text = useText();
  const namesOf = useSourceNames();
  const path = eventTypePath(entry.event_type);

  return (
    <ListRow to={path} position={position}>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1} paddingTop={2} paddingBottom={2}>
          <RowLink to={path}>{entry.event_type}</RowLink>
          <Typography variant="pi" textColor="neutral600">
            {entry.summary}
          </Typography>
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Typography textColor="neutral800">{entry.schema_version}</Typography>
      </Table.Cell>
      <Table.Cell>
        <Flex direction="column" alignItems="flex-start" gap={1}>
          <Typography textColor="neutral800">
            {text(`catalogue.audience.${entry.audience}`)}
          </Typography>
          {entry.approval ? <TypeTag>{text('catalogue.approval')}</TypeTag> : null}
          {entry.priority === 'high' ? <TypeTag>{text('catalogue.priority.high')}</TypeTag> : null}
        </Flex>
      </Table.Cell>
      <Table.Cell>
        <Typography textColor="neutral800">{namesOf(entry.source)}</Typography>
      </Table.Cell>
    </ListRow>
  );
}

const FILTERS = ['type'] as const;

function Catalogue() {
  const text = useText();
  const query = useListQuery(FILTERS);
  const catalogue = useGetNewswireCatalogueQuery();
  const wanted = query.filters.type?.toLowerCase() ?? '';
  const rows = React.useMemo(
    () =>
      (catalogue.data ?? [])
        .filter(({ event_type, summary }) =>
          `${event_type} ${summary}`.toLowerCase().includes(wanted),
        )
        .map((entry) => ({ ...entry, id: entry.event_type })),
    [catalogue.data, wanted],
  );

  return (
    <Page.Main>
      <Page.Title>{text('catalogue.title')}</Page.Title>
      <Layouts.Header title={text('catalogue.title')} subtitle={text('catalogue.subtitle')} />
      <FilterBar filtered={query.filtered} onClear={query.clear}>
        <Box minWidth="28rem">
          <SearchFilter
            name="type"
            label={text('catalogue.search')}
            value={query.filters.type}
            onChange={(value) => query.setFilters({ type: value })}
          />
        </Box>
      </FilterBar>
      <Layouts.Content>
        {catalogue.error ? (
          <ListFailure error={catalogue.error} onRetry={catalogue.refetch} />
        ) : catalogue.data && rows.length === 0 ? (
          <EmptyList
            filtered={query.filtered}
            onClear={query.clear}
            content={text('catalogue.empty')}
          />
        ) : (
          <ListTable
            label={text('catalogue.title')}
            headers={[
              { name: 'type', label: text('catalogue.column.type') },
              { name: 'version', label: text('catalogue.column.version') },
              { name: 'audience', label: text('catalogue.column.audience') },
              { name: 'source', label: text('catalogue.column.source') },
            ]}
            rows={rows}
            isLoading={!catalogue.data}
          >
            {(entry) => <CatalogueRow key={entry.id} entry={entry} />}
          </ListTable>
        )}
      </Layouts.Content>
    </Page.Main>
  );
}

export function CataloguePage() {
  return (
    <Page.Protect permissions={PERMISSIONS.readEvents}>
      <Catalogue />
    </Page.Protect>
  );
}
