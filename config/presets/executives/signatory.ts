import { z } from 'zod';
import type { ContentSchema } from '../../../server/src/domain/content-type';
import type { EventDefinition } from '../../../server/src/domain/definition';
import { defineEvent } from '../../define-event';
import type { PersonMapping } from './mapping';
import { LEE_MASON, PERSONAL, person, personReader } from './person';

const payload = z.strictObject({
  ...person,
  title: z.string().nullable().describe('job title'),
  previous_signing_authority: z.boolean().describe('whether the person might sign contracts'),
  new_signing_authority: z.boolean().describe('whether the person may sign contracts now'),
  previous_budget_limit: z
    .number()
    .nullable()
    .describe('up to what sum the person might commit money; null where no limit was named'),
  new_budget_limit: z.number().nullable().describe('the same, from now on'),
});

/**
 * `contract.signatory_changed`, where the mapping names a field for it. It is for contract systems and legal, not for partners; how much
 * a person may spend is marked as personal, as the name is.
 *
 * @throws Error naming the option that does not fit the content types.
 */
export function signatoryEvents(schema: ContentSchema, mapping: PersonMapping): EventDefinition[] {
  const { signingAuthority, budgetLimit: limited } = mapping.fields;
  if (signingAuthority === undefined && limited === undefined) return [];
  const { source, describe, title, signs, budgetLimit, scope } = personReader(schema, mapping);
  return [
    defineEvent({
      type: 'contract.signatory_changed',
      version: '1.0.0',
      summary:
        "A person's authority to sign contracts, or the sum up to which the person may commit money, has changed; a record that is made with such authority, or removed, changes it too.",
      audience: 'internal',
      priority: 'high',
      source,
      payload,
      personal: [...PERSONAL, 'previous_budget_limit', 'new_budget_limit'],
      examples: [
        {
          ...LEE_MASON,
          title: 'VP, Scripted',
          previous_signing_authority: true,
          new_signing_authority: true,
          previous_budget_limit: 2_500_000,
          new_budget_limit: 5_000_000,
        },
      ],
      changelog: [{ version: '1.0.0', changes: ['First version.'] }],
      when: ({ before, after }) =>
        signs(before) !== signs(after) || budgetLimit(before) !== budgetLimit(after),
      build: ({ documentId, before, after }): z.input<typeof payload> => ({
        ...describe(documentId, after ?? before),
        title: title(after ?? before),
        previous_signing_authority: signs(before),
        new_signing_authority: signs(after),
        previous_budget_limit: budgetLimit(before),
        new_budget_limit: budgetLimit(after),
      }),
      ...(scope ? { scope } : {}),
    }),
  ];
}
