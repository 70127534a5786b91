const MAX_LENGTH = 140;

/** Attributes that name an entry, best first. */
const NAMING = ['name', 'title', 'label', 'internal_sku', 'slug', 'content_id'];

/**
 * What an event says, in a few words on one line.
 *
 * @param {{ event_type: string, changed?: string[], payload?: Record<string, any>, subject?: { id: string } }} event
 */
export function summaryOf(event) {
  return oneLine(wordsOf(event)).slice(0, MAX_LENGTH);
}

/** Without line breaks and control characters, which could forge lines or colours on the terminal. */
export function oneLine(text) {
  // eslint-disable-next-line no-control-regex -- control characters are what is to be taken out
  return String(text).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

function wordsOf(event) {
  const payload = event.payload ?? {};
  switch (event.event_type) {
    case 'executive.commissioner.promoted':
      return `${payload.name}: "${payload.previous_title}" → "${payload.new_title}"`;
    case 'executive.commissioner.created':
      return `${payload.name}, ${payload.title}`;
    case 'executive.show_lead.assigned':
      return `${payload.name} leads ${payload.show}`;
    case 'executive.show_lead.unassigned':
      return `${payload.name} no longer leads ${payload.show}`;
    case 'content.withdrawn':
      return `${payload.title}: ${payload.reason}`;
    case 'rendition.available':
      return `${payload.title}: ${payload.renditions?.map(({ url }) => url).join(', ')}`;
    case 'caption.available':
      return `${payload.title}: ${payload.captions?.map(({ language }) => language).join(', ')}`;
    case 'rights.updated':
      return `${payload.title}: ${payload.rights?.territories.join(', ') ?? 'none'} until ${payload.rights?.end_date ?? 'further notice'}`;
    case 'contract.signatory_changed':
      return `${payload.name} ${payload.new_signing_authority ? 'may' : 'may not'} sign`;
    case 'role_assignment.changed':
      return `${payload.name}, ${payload.role} of ${payload.show ?? payload.show_id}: ${payload.change}`;
    case 'executive_role.created':
    case 'executive_role.updated':
      return `${payload.role ?? payload.previous?.role}: ${payload.name ?? 'nobody'}`;
    case 'slate.announce':
      return `${payload.name}: ${payload.titles?.length ?? 0} titles`;
    case 'license.offer':
    case 'title.available':
    case 'content.preview.ready':
      return `${payload.title ?? payload.title_id} (${payload.internal_sku ?? 'not offered yet'})`;
    case 'edition.scheduled':
    case 'edition.unscheduled':
      return `${payload.name}, ${payload.start} to ${payload.end}`;
    case 'webhook.test':
      return 'a test';
  }
  if (payload.content_type && payload.entry) {
    const kind = payload.content_type.split('.').pop();
    return `${kind} ${nameIn(payload.entry) ?? event.subject?.id}${changes(event)}`;
  }
  return `${nameIn(payload) ?? event.subject?.id ?? ''}${changes(event)}`;
}

function nameIn(values) {
  return NAMING.map((name) => values[name]).find((value) => typeof value === 'string' && value);
}

function changes({ event_type, changed = [] }) {
  const worthSaying = changed.length > 0 && event_type.endsWith('updated');
  return worthSaying ? ` (${changed.join(', ')})` : '';
}
