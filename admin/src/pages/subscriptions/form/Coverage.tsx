import * as React from 'react';
import { Flex, TextButton, Typography } from '@strapi/design-system';

import type { CatalogueEntry } from '../../../../../server/src/contracts/catalogue';
import { TypeTag } from '../../../components/TypeTag';
import { useText } from '../../../translations/useText';
import { covers } from './pattern';

const SHOWN = 8;

interface CoverageProps {
  pattern: string;
  catalogue: CatalogueEntry[];
}

/** What a pattern selects today: the meaning of one type, or the types it covers. */
export function Coverage({ pattern, catalogue }: CoverageProps) {
  const text = useText();
  const [all, setAll] = React.useState(false);
  const covered = catalogue.filter((entry) => covers(pattern, entry.event_type));
  const exact = covered.find((entry) => entry.event_type === pattern);

  if (exact) {
    return (
      <Typography variant="pi" textColor="neutral600">
        {exact.summary}
      </Typography>
    );
  }
  if (covered.length === 0) {
    return (
      <Typography variant="pi" textColor="warning600">
        {text('form.event-types.covers-none')}
      </Typography>
    );
  }
  return (
    <>
      <Typography variant="pi" textColor="neutral600">
        {text('form.event-types.covers', { count: covered.length })}
      </Typography>
      <Flex gap={1} wrap="wrap">
        {covered.slice(0, all ? undefined : SHOWN).map((entry) => (
          <TypeTag key={entry.event_type}>{entry.event_type}</TypeTag>
        ))}
        {covered.length > SHOWN && !all ? (
          <TextButton type="button" onClick={() => setAll(true)}>
            {text('form.event-types.show-all', { count: covered.length - SHOWN })}
          </TextButton>
        ) : null}
      </Flex>
    </>
  );
}
