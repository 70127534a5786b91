import { Box, Flex } from '@strapi/design-system';

import { DeliveryFields } from './DeliveryFields';
import { EventTypesField } from './EventTypesField';
import { FilterFields } from './FilterFields';
import { GeneralFields } from './GeneralFields';
import { HeaderFields } from './HeaderFields';

interface SubscriptionFieldsProps {
  allowHttp: boolean;
}

/** All a user may set of a subscription: what every one needs first, the rest folded away. */
export function SubscriptionFields({ allowHttp }: SubscriptionFieldsProps) {
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Box background="neutral0" padding={6} shadow="filterShadow" hasRadius>
        <Flex direction="column" alignItems="stretch" gap={5}>
          <GeneralFields allowHttp={allowHttp} />
          <EventTypesField />
        </Flex>
      </Box>
      <FilterFields />
      <DeliveryFields />
      <HeaderFields />
    </Flex>
  );
}
