import { useIntl } from 'react-intl';

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const;

/** "2 hr. ago" fits where "2 hours ago" does not. */
const FORM = { numeric: 'auto', style: 'short' } as const;

interface FromNowProps {
  /** ISO 8601. */
  at: string;
}

/** "2 min. ago", "in 4 hr."; the exact time is in its title. */
export function FromNow({ at }: FromNowProps) {
  const { formatDate, formatRelativeTime } = useIntl();
  const seconds = Math.round((Date.parse(at) - Date.now()) / 1000);
  const step = UNITS.find((candidate) => Math.abs(seconds) >= candidate.seconds);

  return (
    <time dateTime={at} title={formatDate(at, { dateStyle: 'full', timeStyle: 'long' })}>
      {step
        ? formatRelativeTime(Math.trunc(seconds / step.seconds), step.unit, FORM)
        : formatRelativeTime(seconds, 'second', FORM)}
    </time>
  );
}
