import * as React from 'react';
import { Button, DateTimePicker, Field, Flex, Popover } from '@strapi/design-system';
import { Calendar } from '@strapi/icons';
import { useIntl } from 'react-intl';

import { useText } from '../../translations/useText';
import type { TextKey } from '../../translations/useText';

interface TimeRange {
  since?: string | undefined;
  until?: string | undefined;
}

interface TimeFilterProps extends TimeRange {
  onChange: (range: TimeRange) => void;
}

const SPANS = [
  { key: 'filter.time.hour', hours: 1 },
  { key: 'filter.time.day', hours: 24 },
  { key: 'filter.time.week', hours: 7 * 24 },
] as const satisfies { key: TextKey; hours: number }[];

const ENDS = ['since', 'until'] as const;

/** A list's filter by time: a span up to now at one click, or a beginning and an end. */
export function TimeFilter({ since, until, onChange }: TimeFilterProps) {
  const text = useText();
  const { formatDate } = useIntl();
  const [open, setOpen] = React.useState(false);
  const values = { since, until };

  const short = (at: string) => formatDate(at, { dateStyle: 'short', timeStyle: 'short' });
  const summary = () => {
    if (since && until)
      return text('filter.time.between', { since: short(since), until: short(until) });
    if (since) return text('filter.time.since-value', { since: short(since) });
    if (until) return text('filter.time.until-value', { until: short(until) });
    return text('filter.time');
  };

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger>
        <Button variant="tertiary" size="S" startIcon={<Calendar />}>
          {summary()}
        </Button>
      </Popover.Trigger>
      {/* Below the calendar that opens from within: both are portals at the same height otherwise. */}
      <Popover.Content style={{ zIndex: 499 }}>
        <Flex direction="column" alignItems="stretch" gap={3} padding={4} width="38rem">
          <Flex gap={2} wrap="wrap">
            {SPANS.map(({ key, hours }) => (
              <Button
                key={key}
                variant="secondary"
                size="S"
                onClick={() => {
                  onChange({
                    since: new Date(Date.now() - hours * 3_600_000).toISOString(),
                    until: undefined,
                  });
                  setOpen(false);
                }}
              >
                {text(key)}
              </Button>
            ))}
          </Flex>
          {ENDS.map((end) => (
            <Field.Root key={end} name={end}>
              <Field.Label>{text(`filter.time.${end}`)}</Field.Label>
              <DateTimePicker
                size="S"
                value={values[end] ? new Date(values[end]) : null}
                dateLabel={text(`filter.time.${end}-date`)}
                timeLabel={text(`filter.time.${end}-time`)}
                clearLabel={text('filter.clear')}
                onChange={(date) => onChange({ since, until, [end]: date?.toISOString() })}
                onClear={() => onChange({ since, until, [end]: undefined })}
              />
            </Field.Root>
          ))}
        </Flex>
      </Popover.Content>
    </Popover.Root>
  );
}
