import type { FeedItemInput } from '../../../server/src/domain/feed-item/item';

/** Words of a title that a reader may not see, or that there are none for. */
const SOMEBODY = 'somebody';

interface Lead {
  name?: string | null;
  show?: string | null;
  slug?: string | null;
  effective_date?: string | null;
}

/** `Lee Mason leads Rivals`, `Lee Mason no longer leads Rivals`. */
export function showLeadItem(type: string, lead: Lead = {}): FeedItemInput {
  const { name, show, slug, effective_date } = lead;
  const verb = type === 'assigned' ? 'leads' : 'no longer leads';
  return {
    title: `${name ?? SOMEBODY} ${verb} ${show ?? slug ?? 'a show'}`,
    summary: effective_date ? `Effective ${effective_date}.` : null,
  };
}

interface Assigned {
  change?: 'created' | 'changed' | 'removed';
  name?: string | null;
  role?: string | null;
  show?: string | null;
  slug?: string | null;
  start_date?: string | null;
  end_date?: string | null;
}

/** `Assignment changed: Callum Reid, show lead, Harbour Lights`. */
export function assignmentItem(assigned: Assigned = {}): FeedItemInput {
  const { change = 'changed', name, role, show, slug, start_date, end_date } = assigned;
  const about = [name, role?.replaceAll('_', ' '), show ?? slug].filter(Boolean);
  const from = start_date ? `from ${start_date}` : null;
  const to = end_date ? `to ${end_date}` : null;
  const time = [from, to].filter(Boolean).join(' ');
  return {
    title: [`Assignment ${change}`, about.join(', ')].filter(Boolean).join(': '),
    summary: time === '' ? null : `${time.charAt(0).toUpperCase()}${time.slice(1)}.`,
  };
}

interface Role {
  role?: string | null;
  name?: string | null;
  scope?: readonly string[];
  previous?: { role?: string | null } | null;
}

/** `Executive role created: Head of Drama (Ingrid Solberg)`, `Executive role ended: Head of Drama`. */
export function roleItem(held: Role = {}): FeedItemInput {
  const { role, name, scope = [], previous } = held;
  const change = previous ? (role ? 'changed' : 'ended') : 'created';
  const holder = name ? ` (${name})` : '';
  const title = `Executive role ${change}: ${role ?? previous?.role ?? 'a role'}${holder}`;
  return { title, summary: scope.length > 0 ? `For ${scope.join(', ')}.` : null };
}
