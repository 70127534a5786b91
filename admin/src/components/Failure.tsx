import { Button, EmptyStateLayout } from '@strapi/design-system';
import { ArrowClockwise, WarningCircle } from '@strapi/icons';
import { BackButton, Page } from '@strapi/strapi/admin';

import { PLUGIN_ID } from '../pluginId';
import { useText } from '../translations/useText';
import { useExplanation } from './useExplanation';

interface FailureProps {
  error: Parameters<ReturnType<typeof useExplanation>>[0];
  /** Asks again; how that goes is shown where this failure is. */
  onRetry: () => unknown;
}

function useFailure({ error, onRetry }: FailureProps) {
  const text = useText();
  const explain = useExplanation();
  const missing = 'status' in error && error.status === 404;

  return {
    content: explain(error),
    // Asking again for what is not there leads nowhere.
    action: missing ? (
      <BackButton fallback={`/plugins/${PLUGIN_ID}`} />
    ) : (
      <Button variant="secondary" startIcon={<ArrowClockwise />} onClick={onRetry}>
        {text('error.retry')}
      </Button>
    ),
  };
}

/** Takes the place of a whole page. */
export function PageFailure(props: FailureProps) {
  return <Page.Error {...useFailure(props)} />;
}

/** Takes the place of a list; what is around it stays usable. */
export function ListFailure(props: FailureProps) {
  return (
    <EmptyStateLayout
      icon={<WarningCircle width="16rem" />}
      hasRadius
      shadow="tableShadow"
      {...useFailure(props)}
    />
  );
}
