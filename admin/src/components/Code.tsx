import { Box, Flex, IconButton, Typography } from '@strapi/design-system';
import { Duplicate } from '@strapi/icons';

import { useText } from '../translations/useText';
import { useCopy } from './useCopy';

interface CodeProps {
  label: string;
  /** Shown as it is, line by line. */
  value: string;
  maxHeight?: string;
}

/**
 * Read-only text in Strapi's code colours. Not the JSON editor: that one renders only the lines in view, so the
 * browser's search finds nothing in the rest, and it cannot be reached with the keyboard when it is read-only.
 */
export function Code({ label, value, maxHeight = '40rem' }: CodeProps) {
  const text = useText();
  const copy = useCopy();

  return (
    <Flex direction="column" alignItems="stretch" gap={1} minWidth={0}>
      <Flex justifyContent="space-between" gap={2}>
        <Typography variant="pi" fontWeight="bold" textColor="neutral800">
          {label}
        </Typography>
        <IconButton
          size="XS"
          variant="ghost"
          type="button"
          label={text('copy.label', { what: label })}
          disabled={value === ''}
          onClick={() => {
            void copy(value, label);
          }}
        >
          <Duplicate />
        </IconButton>
      </Flex>
      <Box
        tag="pre"
        role="region"
        aria-label={label}
        tabIndex={0}
        background="neutral100"
        borderColor="neutral200"
        hasRadius
        padding={3}
        overflow="auto"
        maxHeight={maxHeight}
      >
        <Typography
          tag="code"
          variant="pi"
          textColor={value === '' ? 'neutral600' : 'neutral800'}
          style={{ fontFamily: 'monospace', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {value === '' ? text('code.empty') : value}
        </Typography>
      </Box>
    </Flex>
  );
}
