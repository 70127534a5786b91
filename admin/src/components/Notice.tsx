import type * as React from 'react';
import { Box, Flex, Typography } from '@strapi/design-system';
import { Information, WarningCircle } from '@strapi/icons';

interface NoticeProps {
  variant: 'primary' | 'warning' | 'danger';
  title: string;
  children?: React.ReactNode;
  action?: React.ReactNode;
}

/** Strapi's `Alert` without its close button: for what stays true until somebody changes it. */
export function Notice({ variant, title, children, action }: NoticeProps) {
  const Icon = variant === 'primary' ? Information : WarningCircle;

  return (
    <Flex
      alignItems="flex-start"
      gap={3}
      padding={4}
      hasRadius
      background={`${variant}100`}
      borderColor={`${variant}200`}
      role={variant === 'danger' ? 'alert' : 'status'}
    >
      <Box shrink={0} paddingTop="2px">
        <Icon fill={`${variant}600`} width="1.6rem" height="1.6rem" aria-hidden />
      </Box>
      <Flex direction="column" alignItems="stretch" gap={2} flex="1" minWidth={0}>
        <Typography fontWeight="bold" textColor="neutral800">
          {title}
        </Typography>
        {children}
        {action}
      </Flex>
    </Flex>
  );
}
