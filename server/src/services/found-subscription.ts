import { errors } from '@strapi/utils';
import type { SubscriptionRow } from '../store/subscriptions';

/** @throws NotFoundError for none. */
export function found(row: SubscriptionRow | null): SubscriptionRow {
  if (!row) {
    throw new errors.NotFoundError('There is no such subscription', { code: 'not_found' });
  }
  return row;
}
