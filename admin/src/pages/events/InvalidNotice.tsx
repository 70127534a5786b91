import { Button, Typography } from '@strapi/design-system';
import { ArrowClockwise } from '@strapi/icons';
import { useNotification } from '@strapi/strapi/admin';

import type { StoredEvent } from '../../../../server/src/contracts/event';
import { Notice } from '../../components/Notice';
import { useAllowed } from '../../components/useAllowed';
import { useExplanation } from '../../components/useExplanation';
import { PERMISSIONS } from '../../permissions';
import { useRevalidateNewswireEventMutation } from '../../services/events';
import { useText } from '../../translations/useText';

/** What is wrong with an event, and the way to release it once that is mended. */
export function InvalidNotice({ event }: { event: StoredEvent }) {
  const text = useText();
  const explain = useExplanation();
  const { toggleNotification } = useNotification();
  const mayRelease = useAllowed(PERMISSIONS.updateEvents);
  const [revalidate, { isLoading }] = useRevalidateNewswireEventMutation();

  const validateAgain = async () => {
    const outcome = await revalidate(event.event_id);
    if ('error' in outcome) {
      toggleNotification({ type: 'danger', message: explain(outcome.error) });
    } else if (outcome.data.status === 'invalid') {
      toggleNotification({ type: 'warning', message: text('event.still-invalid') });
    } else {
      toggleNotification({ type: 'success', message: text('event.revalidated') });
    }
  };

  return (
    <Notice
      variant="danger"
      title={text('event.invalid.title')}
      action={
        mayRelease ? (
          <div>
            <Button
              variant="secondary"
              startIcon={<ArrowClockwise />}
              loading={isLoading}
              onClick={() => {
                void validateAgain();
              }}
            >
              {text('event.revalidate')}
            </Button>
          </div>
        ) : null
      }
    >
      <Typography>{text('event.invalid.explanation')}</Typography>
      <ul>
        {event.problems.map(({ code, path, message }) => (
          <Typography key={`${code} ${path} ${message}`} tag="li" textColor="neutral800">
            {path === null ? message : `${path}: ${message}`} ({code})
          </Typography>
        ))}
      </ul>
    </Notice>
  );
}
