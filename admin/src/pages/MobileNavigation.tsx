import { Box, Flex, Link } from '@strapi/design-system';
import { NavLink } from 'react-router-dom';

import { useText } from '../translations/useText';
import { useSections } from './useSections';

/** Where the screen is too small for the navigation at the side, which Strapi's layout hides then. */
export function MobileNavigation() {
  const text = useText();
  const sections = useSections();

  return (
    <Box
      tag="nav"
      aria-label={text('plugin.name')}
      display={{ initial: 'block', medium: 'none' }}
      padding={4}
    >
      <Flex gap={4}>
        {sections.map(({ name, to }) => (
          <Link key={name} tag={NavLink} to={to}>
            {text(`navigation.${name}`)}
          </Link>
        ))}
      </Flex>
    </Box>
  );
}
