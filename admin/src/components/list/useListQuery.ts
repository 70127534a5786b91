import * as React from 'react';
import { useQueryParams } from '@strapi/strapi/admin';

type Filters<Name extends string> = Partial<Record<Name, string>>;

/** Strapi's `useQueryParams` writes values into the address unencoded; cursors and times would not survive. */
function encoded(query: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
      .map(([name, value]) => [name, encodeURIComponent(value)]),
  );
}

/**
 * A list's filters and cursor, kept in the address so that a page can be linked, reloaded and gone back to.
 * `names` must be the same array on every render.
 */
export function useListQuery<Name extends string>(names: readonly Name[]) {
  const [{ query }, setQuery] = useQueryParams<Record<string, unknown>>();

  const filters = React.useMemo(() => {
    const found: Filters<Name> = {};
    for (const name of names) {
      const value = query[name];
      if (typeof value === 'string' && value !== '') found[name] = value;
    }
    return found;
  }, [names, query]);

  const setFilters = (changes: { [N in Name]?: string | undefined }) => {
    // What is to go must be named with `undefined`: `setQuery` merges into what is there.
    const cleared = Object.fromEntries(Object.keys(query).map((name) => [name, undefined]));
    // Another filter is another list: a cursor into the old one has no meaning in it.
    setQuery({ ...cleared, ...encoded({ ...filters, ...changes }) });
  };

  return {
    filters,
    after: typeof query.after === 'string' ? query.after : undefined,
    filtered: Object.keys(filters).length > 0,
    setFilters,
    clear: () =>
      setFilters(Object.fromEntries(names.map((name) => [name, undefined])) as Filters<Name>),
  };
}
