import type * as React from 'react';
import { Flex, Grid, Typography } from '@strapi/design-system';

export interface Fact {
  label: string;
  value: React.ReactNode;
}

/** Labelled values side by side, as Strapi shows what cannot be edited. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <Grid.Root tag="dl" gap={5}>
      {facts.map(({ label, value }) => (
        <Grid.Item key={label} col={4} s={6} xs={12} direction="column" alignItems="stretch">
          <Typography tag="dt" variant="sigma" textColor="neutral600">
            {label}
          </Typography>
          <Flex tag="dd" paddingTop={1} minWidth={0}>
            <Typography textColor="neutral800" style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
              {value}
            </Typography>
          </Flex>
        </Grid.Item>
      ))}
    </Grid.Root>
  );
}
