import type { Text } from '../../../translations/useText';
import { MASKED_VALUE, secondsOf } from './values';
import type { SubscriptionValues } from './values';

interface FieldError {
  path: string;
  message: string;
}

/** Strapi's `Form` shows the errors of what is thrown with this name and shape (it is yup's). */
class InvalidForm extends Error {
  override readonly name = 'ValidationError';

  constructor(readonly inner: FieldError[]) {
    super('The form has errors');
  }
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const LONGEST_WAIT_SECONDS = 7 * 24 * 3600;

function urlError(url: string, allowHttp: boolean, text: Text): string | undefined {
  let protocol: string;
  try {
    protocol = new URL(url).protocol;
  } catch {
    return text('form.error.url');
  }
  if (protocol === 'https:' || (protocol === 'http:' && allowHttp)) return undefined;
  return text('form.error.https');
}

function headerErrors(values: SubscriptionValues, text: Text): FieldError[] {
  return values.headers.flatMap(({ name, value }, index) => {
    const errors: FieldError[] = [];
    const taken = values.headers.findIndex(
      (other) => other.name.toLowerCase() === name.toLowerCase(),
    );
    if (!HEADER_NAME.test(name)) {
      errors.push({ path: `headers.${index}.name`, message: text('form.error.header-name') });
    } else if (taken < index) {
      errors.push({ path: `headers.${index}.name`, message: text('form.error.header-twice') });
    }
    if (value !== MASKED_VALUE && value.includes('•')) {
      errors.push({ path: `headers.${index}.value`, message: text('form.error.header-masked') });
    }
    return errors;
  });
}

function retryError(values: SubscriptionValues, text: Text): string | undefined {
  if (values.delivery.retry !== 'custom') return undefined;
  const seconds = secondsOf(values.delivery.retry_seconds);
  const sound = seconds.every((wait) => wait >= 0 && wait <= LONGEST_WAIT_SECONDS);
  return sound && seconds.length > 0 && seconds.length <= 20 ? undefined : text('form.error.retry');
}

/** Finds what is plainly wrong before the server is asked; the server's word is the last. */
export function validator({ allowHttp, text }: { allowHttp: boolean; text: Text }) {
  return (values: SubscriptionValues): Promise<SubscriptionValues> => {
    const errors: FieldError[] = [...headerErrors(values, text)];
    const report = (path: string, message: string | undefined) => {
      if (message) errors.push({ path, message });
    };

    report('name', values.name?.trim() ? undefined : text('form.error.required'));
    report(
      'destination.url',
      values.destination.url
        ? urlError(values.destination.url, allowHttp, text)
        : text('form.error.required'),
    );
    report(
      'event_types',
      values.event_types.length > 0 ? undefined : text('form.error.event-types'),
    );
    if (values.owner_email && !EMAIL.test(values.owner_email)) {
      report('owner_email', text('form.error.email'));
    }
    report('delivery.retry_seconds', retryError(values, text));
    if (values.destination.timeout_seconds === null) {
      report('destination.timeout_seconds', text('form.error.required'));
    }
    if (values.delivery.concurrency === null) {
      report('delivery.concurrency', text('form.error.required'));
    }

    return errors.length > 0 ? Promise.reject(new InvalidForm(errors)) : Promise.resolve(values);
  };
}
