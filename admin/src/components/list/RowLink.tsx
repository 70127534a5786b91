import { Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

interface RowLinkProps {
  to: string;
  children: string;
}

/** The link in a row that is a link as a whole: the click must not count twice. */
export function RowLink({ to, children }: RowLinkProps) {
  return (
    <Link tag={NavLink} to={to} onClick={(event) => event.stopPropagation()}>
      {children}
    </Link>
  );
}
