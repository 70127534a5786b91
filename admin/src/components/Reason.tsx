import { Tooltip, Typography } from '@strapi/design-system';

interface ReasonProps {
  danger?: boolean;
  children: string;
}

/** Why something stands as it does, under its state; cut to the width of a column, whole in a tooltip. */
export function Reason({ danger = false, children }: ReasonProps) {
  return (
    <Tooltip label={children}>
      <Typography
        variant="pi"
        tag="p"
        ellipsis
        textColor={danger ? 'danger700' : 'neutral600'}
        style={{ maxWidth: '13vw' }}
      >
        {children}
      </Typography>
    </Tooltip>
  );
}
