import { StatusError } from './status-error';
import type { StatusDetails } from './status-error';

/** The request is right, but not as things stand: answered with 409. */
export class ConflictError extends StatusError {
  constructor(message: string, details: StatusDetails) {
    super({ status: 409, name: 'ConflictError', message, details });
  }
}
