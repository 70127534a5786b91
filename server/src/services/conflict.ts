import { errors } from '@strapi/utils';

interface ConflictDetails {
  code: string;
  [detail: string]: unknown;
}

/** The request is right, but not as things stand: answered with 409. */
export class ConflictError extends errors.ApplicationError<
  'ConflictError',
  string,
  ConflictDetails
> {
  constructor(message: string, details: ConflictDetails) {
    super(message, details);
    this.name = 'ConflictError';
  }
}
