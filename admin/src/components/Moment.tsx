import { useIntl } from 'react-intl';

interface MomentProps {
  /** ISO 8601. */
  at: string;
}

/** A point in time in the reader's language and time zone; the exact UTC instant is in its title. */
export function Moment({ at }: MomentProps) {
  const { formatDate } = useIntl();

  return (
    <time dateTime={at} title={at}>
      {formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' })}
    </time>
  );
}
