import { errors } from '@strapi/utils';
import type { PartnerRow } from '../../store/partners';

/** @throws NotFoundError for none. */
export function foundPartner(row: PartnerRow | null): PartnerRow {
  if (!row) {
    throw new errors.NotFoundError('There is no such partner', { code: 'not_found' });
  }
  return row;
}
