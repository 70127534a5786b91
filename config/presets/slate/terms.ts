import { z } from 'zod';
import type { Paths, Reader } from '../paths';
import type { TermsMapping } from './mapping';
import { numberIn, textIn, wordsIn } from '../values';

const licenseTerms = z.strictObject({
  exclusive: z.boolean(),
  territories: z.array(z.string()).describe('ISO 3166-1 alpha-2'),
  fees: z.array(
    z.strictObject({
      basis: z.string().nullable(),
      amount: z.number(),
      currency: z.string(),
    }),
  ),
  term_length: z.string().nullable().describe('as the editor wrote it, e.g. P24M'),
  windows: z.array(
    z.strictObject({
      kind: z.string().nullable(),
      start_date: z.string().nullable(),
      end_date: z.string().nullable(),
    }),
  ),
});

const formatOption = z.strictObject({
  delivery_format: z.string(),
  container: z.string().nullable(),
  required_assets: z.array(z.string()),
});

/** On what terms a title may be licensed, and whom to ask. */
export const terms = {
  internal_sku: z.string().nullable(),
  primary_contact: z.string().nullable(),
  sales_rep_id: z.string().nullable(),
  preview_url: z.string().nullable(),
  preview_expiry: z.string().nullable(),
  license_terms: licenseTerms.nullable().describe('null for a title that is not offered yet'),
  format_options: z.array(formatOption),
};

export type Terms = z.output<z.ZodObject<typeof terms>>;

export const NO_TERMS: Terms = {
  internal_sku: null,
  primary_contact: null,
  sales_rep_id: null,
  preview_url: null,
  preview_expiry: null,
  license_terms: null,
  format_options: [],
};

/** @throws Error naming the option that does not fit the content types. */
export function termsReader(paths: Paths, option: string, mapping: TermsMapping): Reader<Terms> {
  const text = (
    name: keyof TermsMapping & `${'internal' | 'primary' | 'sales' | 'preview' | 'term'}${string}`,
  ) => paths.text(`${option}.${name}`, mapping[name]);
  const [internalSku, primaryContact, salesRepId] = [
    text('internalSku'),
    text('primaryContact'),
    text('salesRepId'),
  ];
  const [previewUrl, previewExpiry] = [text('previewUrl'), text('previewExpiry')];
  const license = licenseReader(paths, option, mapping);
  const { formatOptions } = mapping;
  const formats = paths.rows(`${option}.formatOptions`, listOf(formatOptions));
  return (state) => ({
    internal_sku: internalSku(state),
    primary_contact: primaryContact(state),
    sales_rep_id: salesRepId(state),
    preview_url: previewUrl(state),
    preview_expiry: previewUrl(state) === null ? null : previewExpiry(state),
    license_terms: license(state),
    format_options: formats(state).map((row) => ({
      delivery_format: textIn(row[formatOptions?.deliveryFormat ?? '']) ?? '',
      container: textIn(row[formatOptions?.container ?? '']),
      required_assets: wordsIn(row[formatOptions?.requiredAssets ?? '']),
    })),
  });
}

function licenseReader(
  paths: Paths,
  option: string,
  mapping: TermsMapping,
): Reader<Terms['license_terms']> {
  const { fees, windows } = mapping;
  const exclusive = paths.flag(`${option}.exclusive`, mapping.exclusive);
  const territories = paths.words(`${option}.territories`, mapping.territories);
  const termLength = paths.text(`${option}.termLength`, mapping.termLength);
  const feeRows = paths.rows(`${option}.fees`, listOf(fees));
  const windowRows = paths.rows(`${option}.windows`, listOf(windows));
  return (state) => {
    const license = {
      exclusive: exclusive(state) ?? false,
      territories: [...new Set(territories(state).map((code) => code.toUpperCase()))],
      fees: feeRows(state).map((row) => ({
        basis: textIn(row[fees?.basis ?? '']),
        amount: numberIn(row[fees?.amount ?? '']) ?? Number.NaN,
        currency: textIn(row[fees?.currency ?? '']) ?? '',
      })),
      term_length: termLength(state),
      windows: windowRows(state).map((row) => ({
        kind: textIn(row[windows?.kind ?? '']),
        start_date: textIn(row[windows?.startDate ?? '']),
        end_date: textIn(row[windows?.endDate ?? '']),
      })),
    };
    const says =
      exclusive(state) !== null ||
      license.term_length !== null ||
      [license.territories, license.fees, license.windows].some((list) => list.length > 0);
    return says ? license : null;
  };
}

/** Where a list is, and what its entries have. */
function listOf<Fields extends { list: string }>(mapping: Fields | undefined) {
  if (!mapping) return undefined;
  const { list, ...fields } = mapping;
  return { list, fields };
}
