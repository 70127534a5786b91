import { Button, EmptyStateLayout } from '@strapi/design-system';
import { ArrowClockwise, WarningCircle } from '@strapi/icons';
import { Page } from '@strapi/strapi/admin';

import { useText } from '../translations/useText';
import { useExplanation } from './useExplanation';

interface FailureProps {
  error: Parameters<ReturnType<typeof useExplanation>>[0];
  onRetry: () => void;
}

function useFailure({ error, onRetry }: FailureProps) {
  const text = useText();
  const explain = useExplanation();

  return {
    content: explain(error),
    action: (
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
