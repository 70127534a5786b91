import type * as React from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';

interface PanelProps {
  title: string;
  /** Right of the title. */
  action?: React.ReactNode;
  children: React.ReactNode;
}

/** One white box of a page, with a heading. */
export function Panel({ title, action, children }: PanelProps) {
  return (
    <Box
      tag="section"
      aria-label={title}
      background="neutral0"
      hasRadius
      shadow="tableShadow"
      padding={6}
    >
      <Flex direction="column" alignItems="stretch" gap={4}>
        <Flex justifyContent="space-between" gap={4} wrap="wrap">
          <Typography variant="delta" tag="h2">
            {title}
          </Typography>
          {action}
        </Flex>
        {children}
      </Flex>
    </Box>
  );
}
