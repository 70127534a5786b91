import type { ListAnswer } from '../contracts/common';
import type { Page } from '../store/page';

/** The answer of a list route: the rows as resources, and the cursor of the next page. */
export function toListAnswer<Row, Resource>(
  page: Page<Row>,
  toResource: (row: Row) => Resource,
  idOf: (row: Row) => string,
): ListAnswer<Resource> {
  const last = page.rows.at(-1);
  return {
    data: page.rows.map(toResource),
    meta: { after: page.hasMore && last ? idOf(last) : null, has_more: page.hasMore },
  };
}
