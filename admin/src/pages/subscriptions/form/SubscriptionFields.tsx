import { Box, Flex, Grid } from '@strapi/design-system';

import { useText } from '../../../translations/useText';
import { DeliveryFields } from './DeliveryFields';
import { EventTypesField } from './EventTypesField';
import { FilterFields } from './FilterFields';
import { FormField } from './FormField';
import { GeneralFields } from './GeneralFields';
import { HeaderFields } from './HeaderFields';

interface SubscriptionFieldsProps {
  allowHttp: boolean;
}

/** All a user may set of a subscription: what every one needs first, the rest folded away. */
export function SubscriptionFields({ allowHttp }: SubscriptionFieldsProps) {
  const text = useText();

  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Box background="neutral0" padding={6} shadow="filterShadow" hasRadius>
        <Flex direction="column" alignItems="stretch" gap={5}>
          <GeneralFields allowHttp={allowHttp} />
          <EventTypesField />
          <Grid.Root>
            <FormField
              size={12}
              field={{ name: 'description', type: 'text', label: text('form.description.label') }}
            />
          </Grid.Root>
        </Flex>
      </Box>
      <FilterFields />
      <DeliveryFields />
      <HeaderFields />
    </Flex>
  );
}
