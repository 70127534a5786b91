import { StatusError } from './status-error';
import type { StatusDetails } from './status-error';
import type { FieldError } from './validation';

/** The request keeps to its schema, and not to a business rule: answered with 422. */
export class UnprocessableContentError extends StatusError {
  constructor(message: string, details: StatusDetails & { errors: FieldError[] }) {
    super({ status: 422, name: 'UnprocessableContentError', message, details });
  }
}
