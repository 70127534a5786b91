import { Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import { useGetNewswireContentTypesQuery } from '../services/contentTypes';

interface SubjectLinkProps {
  subject: { type: string; id: string; locale: string | null };
}

/** What an event is about, with the way to the entry where the content manager has one. */
export function SubjectLink({ subject: { type, id, locale } }: SubjectLinkProps) {
  const { data: types = [] } = useGetNewswireContentTypesQuery(undefined, {
    skip: !type.includes('::'),
  });
  const entry = types.find(({ uid, kind }) => uid === type && kind === 'collectionType');
  const search = locale === null ? '' : `?plugins[i18n][locale]=${encodeURIComponent(locale)}`;

  if (!entry) return <>{`${type} ${id}`}</>;
  return (
    <Link tag={NavLink} to={`/content-manager/collection-types/${type}/${id}${search}`}>
      {`${entry.info.displayName} ${id}`}
    </Link>
  );
}
