import { iso31661Alpha2ToAlpha3 } from 'iso-3166/1-a2-to-1-a3.js';
import type { BusinessRule } from '../../server/src/domain/definition';
import { shown } from './payload-values';
import { valueRule } from './value-rule';

/**
 * Territories are codes that ISO 3166-1 assigns, in upper case: `GB`, not `UK`, `gb` or `EMEA`. `territory_unknown`.
 *
 * @param paths where they are: `rights.territories`, `titles[].license_terms.territories`.
 */
export function territoryCodes(...paths: string[]): BusinessRule {
  return valueRule({
    code: 'territory_unknown',
    summary: `Territories are ISO 3166-1 alpha-2 codes (${paths.join(', ')}).`,
    paths,
    problem(value) {
      if (isTerritory(value)) return null;
      const upper = typeof value === 'string' ? value.trim().toUpperCase() : '';
      const hint = isTerritory(upper) ? `; write ${shown(upper)}` : ', such as "GB"';
      return `${shown(value)} is not an ISO 3166-1 alpha-2 code${hint}`;
    },
  });
}

function isTerritory(value: unknown): boolean {
  return typeof value === 'string' && Object.hasOwn(iso31661Alpha2ToAlpha3, value);
}
