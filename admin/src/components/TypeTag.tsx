import { Box, Typography } from '@strapi/design-system';

/** An event type or a pattern, letter by letter: Strapi's `Badge` would put it into capitals. */
export function TypeTag({ children }: { children: string }) {
  return (
    <Box
      background="neutral150"
      hasRadius
      paddingLeft={2}
      paddingRight={2}
      paddingTop="2px"
      paddingBottom="2px"
    >
      <Typography variant="pi" textColor="neutral700" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Typography>
    </Box>
  );
}
