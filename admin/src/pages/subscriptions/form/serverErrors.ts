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
    return row < 0 ? [['headers'], message] : [['headers', String(row), 'value'], message];
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

/** The server's refusal, field by field; null when it names no field. */
export function formErrors(
  error: object,
  values: SubscriptionValues,
): FormErrors<SubscriptionValues> | null {
  const errors = errorsIn(error).filter(({ path }) => path.length > 0);
  if (errors.length === 0) return null;

  const tree: Tree = {};
  for (const one of errors) put(tree, ...placed(one, values));
  return tree;
}
