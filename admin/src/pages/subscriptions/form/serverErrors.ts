import type { FormErrors } from '@strapi/strapi/admin';

import type { SubscriptionValues } from './values';

interface ServerError {
  path: string[];
  message: string;
}

function isServerError(value: unknown): value is ServerError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    Array.isArray(value.path) &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

/** The single errors of Strapi's error envelope; empty when it holds none. */
function errorsIn(error: object): ServerError[] {
  const details = 'details' in error ? error.details : undefined;
  if (typeof details !== 'object' || details === null || !('errors' in details)) return [];
  return Array.isArray(details.errors) ? details.errors.filter(isServerError) : [];
}

/** The form's field for a path of the request, and what to say there. */
function placed({ path, message }: ServerError, values: SubscriptionValues): [string[], string] {
  const [section, field, item] = path.map(String);

  if (section === 'event_types' && field !== undefined) {
    return [['event_types'], `${values.event_types[Number(field)] ?? ''}: ${message}`];
  }
  if (section === 'filter' && field !== undefined) {
    return [['filter', field], message];
  }
  if (section === 'delivery' && field === 'retry') {
    return [['delivery', values.delivery.retry === 'custom' ? 'retry_seconds' : 'retry'], message];
  }
  if (section === 'destination' && field === 'headers') {
    const row = values.headers.findIndex((header) => header.name === item);
    return row < 0 ? [['headers'], message] : [['headers', String(row), 'name'], message];
  }
  return [path.map(String), message];
}

type Tree = { [key: string]: Tree | string };

function put(tree: Tree, path: string[], message: string): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    tree[key] ??= message;
    return;
  }
  const branch = tree[key];
  // A message for the whole section stands; one for a field in it would hide it.
  if (typeof branch === 'string') return;
  put((tree[key] = branch ?? {}), rest, message);
}

/** Paths of the request that the form has a field for, as far as their first two steps tell. */
const SHOWN = [
  'name',
  'description',
  'owner_email',
  'event_types',
  'destination.url',
  'destination.timeout_seconds',
  'destination.headers',
  'filter.subject_types',
  'filter.locales',
  'filter.changed',
  'delivery.retry',
  'delivery.order',
  'delivery.concurrency',
];

function isShown({ path }: ServerError): boolean {
  const [section = '', field = ''] = path.map(String);
  return SHOWN.includes(section) || SHOWN.includes(`${section}.${field}`);
}

interface Refusal {
  errors: FormErrors<SubscriptionValues>;
  /** How many errors the form shows beside its fields. */
  shown: number;
  /** Whether those are all there are. */
  complete: boolean;
}

/** The server's refusal, field by field. */
export function refusalOf(error: object, values: SubscriptionValues): Refusal {
  const all = errorsIn(error);
  const shown = all.filter(isShown);
  const tree: Tree = {};
  for (const one of shown) put(tree, ...placed(one, values));
  return {
    errors: tree,
    shown: shown.length,
    complete: all.length > 0 && shown.length === all.length,
  };
}
