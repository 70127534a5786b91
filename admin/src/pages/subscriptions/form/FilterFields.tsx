import { useForm } from '@strapi/strapi/admin';

import { useGetNewswireContentTypesQuery } from '../../../services/contentTypes';
import { useText } from '../../../translations/useText';
import { Section } from './Section';
import { TokensField } from './TokensField';

export function FilterFields() {
  const text = useText();
  const { data: types = [] } = useGetNewswireContentTypesQuery();
  const hasError = useForm('FilterFields', ({ errors }) => 'filter' in errors);

  return (
    <Section
      title={text('form.filter.title')}
      description={text('form.filter.description')}
      hasError={hasError}
    >
      <TokensField
        name="filter.subject_types"
        label={text('form.subject-types.label')}
        hint={text('form.subject-types.hint')}
        placeholder={text('form.subject-types.placeholder')}
        options={types.map(({ uid, info }) => ({ value: uid, meaning: info.displayName }))}
      />
      <TokensField
        name="filter.locales"
        label={text('form.locales.label')}
        hint={text('form.locales.hint')}
        placeholder={text('form.locales.placeholder')}
        options={[]}
      />
      <TokensField
        name="filter.changed"
        label={text('form.changed.label')}
        hint={text('form.changed.hint')}
        placeholder={text('form.changed.placeholder')}
        options={[]}
      />
    </Section>
  );
}
