import { Divider } from '@strapi/design-system';
import { SubNav } from '@strapi/strapi/admin';

import { useText } from '../translations/useText';
import { useSections } from './useSections';

export function Navigation() {
  const text = useText();
  const sections = useSections();

  return (
    <SubNav.Main aria-label={text('plugin.name')}>
      <SubNav.Header label={text('plugin.name')} />
      <Divider />
      <SubNav.Content>
        <SubNav.Sections>
          {[
            <SubNav.Section key="sections" label={text('navigation.label')}>
              {sections.map(({ name, to }) => (
                <SubNav.Link key={name} to={to} label={text(`navigation.${name}`)} />
              ))}
            </SubNav.Section>,
          ]}
        </SubNav.Sections>
      </SubNav.Content>
    </SubNav.Main>
  );
}
