import { errors } from '@strapi/utils';

/** The request is right, but not as things stand: answered with 409. */
export class ConflictError extends errors.ApplicationError<
  'ConflictError',
  string,
  { code: string }
> {
  constructor(message: string, details: { code: string }) {
    super(message, details);
    this.name = 'ConflictError';
  }
}
