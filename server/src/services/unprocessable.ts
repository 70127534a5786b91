import { errors } from '@strapi/utils';
import type { FieldError } from './validation';

interface UnprocessableDetails {
  code: string;
  errors: FieldError[];
}

/** The request keeps to its schema, and not to a business rule: answered with 422. */
export class UnprocessableContentError extends errors.ApplicationError<
  'UnprocessableContentError',
  string,
  UnprocessableDetails
> {
  constructor(message: string, details: UnprocessableDetails) {
    super(message, details);
    this.name = 'UnprocessableContentError';
  }
}
