import { Box, Flex, IconButton, Typography } from '@strapi/design-system';
import { Cross } from '@strapi/icons';
import { useForm } from '@strapi/strapi/admin';

import type { CatalogueEntry } from '../../../../../server/src/contracts/catalogue';
import { useAllowed } from '../../../components/useAllowed';
import { PERMISSIONS } from '../../../permissions';
import { useGetNewswireCatalogueQuery } from '../../../services/catalogue';
import { useText } from '../../../translations/useText';
import { Coverage } from './Coverage';
import { EVENT_TYPE_PATTERN } from './pattern';
import { TokensField } from './TokensField';

const NONE: CatalogueEntry[] = [];

/** Which events a subscription wants: types of the catalogue, or patterns over them. */
export function EventTypesField() {
  const text = useText();
  const readable = useAllowed(PERMISSIONS.readEvents);
  const { data: catalogue = NONE } = useGetNewswireCatalogueQuery(undefined, { skip: !readable });
  const disabled = useForm('EventTypesField', (state) => state.disabled);

  return (
    <TokensField
      name="event_types"
      label={text('form.event-types.label')}
      hint={text('form.event-types.hint')}
      placeholder={text('form.event-types.placeholder')}
      required
      options={catalogue.map(({ event_type, summary }) => ({
        value: event_type,
        meaning: summary,
      }))}
      refuse={(typed) =>
        EVENT_TYPE_PATTERN.test(typed) ? undefined : text('form.error.event-type')
      }
    >
      {(patterns, remove) => (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={2} paddingTop={2}>
          {patterns.map((pattern) => (
            <Box
              key={pattern}
              tag="li"
              background="neutral100"
              borderColor="neutral150"
              hasRadius
              padding={3}
            >
              <Flex justifyContent="space-between" alignItems="flex-start" gap={3}>
                <Flex direction="column" alignItems="flex-start" gap={1} minWidth={0}>
                  <Typography fontWeight="semiBold" textColor="neutral800">
                    {pattern}
                  </Typography>
                  {readable ? <Coverage pattern={pattern} catalogue={catalogue} /> : null}
                </Flex>
                <IconButton
                  type="button"
                  size="XS"
                  variant="ghost"
                  disabled={disabled}
                  label={text('form.remove-token', { value: pattern })}
                  onClick={() => remove(pattern)}
                >
                  <Cross />
                </IconButton>
              </Flex>
            </Box>
          ))}
        </Flex>
      )}
    </TokensField>
  );
}
