import { MAX_REASON_LENGTH } from '../../domain/settlement';
import type { Callback } from './ports';

/** Why content was refused, as a delivery's reason shows it; null where nothing was refused. */
export function reasonOf({ eventType, payload }: Callback): string | null {
  if (eventType !== 'content.rejected') return null;
  const { reason, failure_codes } = payload as {
    reason?: string | null;
    failure_codes?: string[] | null;
  };
  const codes = failure_codes ? failure_codes.join(', ') : '';
  const told = reason && codes ? `${reason} (${codes})` : (reason ?? codes);
  return told.slice(0, MAX_REASON_LENGTH);
}
