import type { CatalogueDetail } from '../../../../server/src/contracts/catalogue-detail';
import { Facts } from '../../components/Facts';
import { Moment } from '../../components/Moment';
import { useText } from '../../translations/useText';
import { useSourceNames } from './useSourceNames';

/** What a definition promises, and how often it has been made. */
export function EventTypeFacts({ detail }: { detail: CatalogueDetail }) {
  const text = useText();
  const namesOf = useSourceNames();
  const { fired, sla } = detail;
  const fact = (label: Parameters<typeof text>[0], value: React.ReactNode) => ({
    label: text(label),
    value,
  });

  return (
    <Facts
      facts={[
        fact('event-type.version', detail.schema_version),
        fact('event-type.versions', detail.versions.join(', ')),
        fact('event-type.source', namesOf(detail.source)),
        fact('event-type.audience', text(`catalogue.audience.${detail.audience}`)),
        fact('event-type.approval', text(`event-type.approval.${detail.approval ? 'yes' : 'no'}`)),
        fact('event-type.priority', text(`event-type.priority.${detail.priority}`)),
        fact(
          'event-type.fired',
          text(fired.more ? 'event-type.fired.more' : 'event-type.fired.value', {
            count: fired.count,
          }),
        ),
        fact(
          'event-type.last',
          fired.last_occurred_at === null ? (
            text('event-type.never')
          ) : (
            <Moment at={fired.last_occurred_at} />
          ),
        ),
        fact('event-type.personal', detail.personal.join(', ') || text('none')),
        fact(
          'event-type.sla',
          sla === null
            ? text('none')
            : text('event-type.sla.value', {
                share: Math.round(sla.share * 10_000) / 100,
                seconds: sla.within_seconds,
              }),
        ),
      ]}
    />
  );
}
