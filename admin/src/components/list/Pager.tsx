import { Flex, LinkButton } from '@strapi/design-system';
import { ChevronLeft, ChevronRight } from '@strapi/icons';
import { Link, useLocation } from 'react-router-dom';

import type { ListAnswer } from '../../../../server/src/contracts/common';
import { useText } from '../../translations/useText';

/** The cursors of the pages before this one; a cursor only leads forward, so the way back is remembered. */
function trailOf(state: unknown): string[] {
  if (typeof state !== 'object' || state === null || !('trail' in state)) return [];
  return Array.isArray(state.trail) ? state.trail.filter((item) => typeof item === 'string') : [];
}

/** "Newer" and "older" for a list that is read by cursor: it has no page numbers and no total. */
export function Pager({ meta }: { meta: ListAnswer<unknown>['meta'] | undefined }) {
  const text = useText();
  const location = useLocation();
  const trail = trailOf(location.state);
  const { search } = location;
  const after = new URLSearchParams(search).get('after');
  const older = meta?.has_more ? meta.after : null;

  const at = (cursor: string | null) => {
    const parameters = new URLSearchParams(search);
    if (cursor) parameters.set('after', cursor);
    else parameters.delete('after');
    return { search: parameters.toString() };
  };

  if (after === null && older === null) return null;

  return (
    <Flex
      tag="nav"
      aria-label={text('pager.label')}
      justifyContent="flex-end"
      gap={2}
      paddingTop={4}
    >
      <LinkButton
        tag={Link}
        variant="tertiary"
        startIcon={<ChevronLeft />}
        disabled={after === null}
        to={at(trail.at(-1) ?? null)}
        state={{ trail: trail.slice(0, -1) }}
      >
        {text('pager.newer')}
      </LinkButton>
      <LinkButton
        tag={Link}
        variant="tertiary"
        endIcon={<ChevronRight />}
        disabled={older === null}
        to={at(older)}
        state={{ trail: [...trail, after ?? ''] }}
      >
        {text('pager.older')}
      </LinkButton>
    </Flex>
  );
}
