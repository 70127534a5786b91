import { Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import { PLUGIN_ID } from '../pluginId';
import { useGetNewswireContentTypesQuery } from '../services/contentTypes';
import { useText } from '../translations/useText';

/** What operational events are about. */
const SUBSCRIPTION = `plugin::${PLUGIN_ID}.subscription`;

interface SubjectLinkProps {
  subject: { type: string; id: string; locale: string | null };
}

/** What an event is about, with the way to the entry where the content manager has one. */
export function SubjectLink({ subject: { type, id, locale } }: SubjectLinkProps) {
  const text = useText();
  const { data: types = [] } = useGetNewswireContentTypesQuery(undefined, {
    skip: !type.includes('::'),
  });
  const entry = types.find(({ uid, kind }) => uid === type && kind === 'collectionType');
  const search = locale === null ? '' : `?plugins[i18n][locale]=${encodeURIComponent(locale)}`;

  if (type === SUBSCRIPTION) {
    return (
      <Link tag={NavLink} to={`/plugins/${PLUGIN_ID}/subscriptions/${id}`}>
        {text('event.subject-subscription', { id })}
      </Link>
    );
  }
  if (!entry) return <>{`${type} ${id}`}</>;
  return (
    <Link tag={NavLink} to={`/content-manager/collection-types/${type}/${id}${search}`}>
      {`${entry.info.displayName} ${id}`}
    </Link>
  );
}
