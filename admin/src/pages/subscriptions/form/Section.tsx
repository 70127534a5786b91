import * as React from 'react';
import { Accordion, Box, Flex } from '@strapi/design-system';

interface SectionProps {
  title: string;
  description: string;
  /** Opens the section: an error that nobody sees cannot be mended. */
  hasError: boolean;
  children: React.ReactNode;
}

/** A part of the form that most subscriptions leave as it is. */
export function Section({ title, description, hasError, children }: SectionProps) {
  const [open, setOpen] = React.useState('');

  React.useEffect(() => {
    if (hasError) setOpen('section');
  }, [hasError]);

  return (
    <Box shadow="filterShadow" hasRadius>
      <Accordion.Root size="M" value={open} onValueChange={setOpen} collapsible>
        <Accordion.Item value="section">
          <Accordion.Header>
            <Accordion.Trigger description={description}>{title}</Accordion.Trigger>
          </Accordion.Header>
          <Accordion.Content>
            <Flex direction="column" alignItems="stretch" gap={5} padding={6}>
              {children}
            </Flex>
          </Accordion.Content>
        </Accordion.Item>
      </Accordion.Root>
    </Box>
  );
}
