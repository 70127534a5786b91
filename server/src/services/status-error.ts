import { errors } from '@strapi/utils';

export interface StatusDetails {
  code: string;
  [detail: string]: unknown;
}

/** A refusal whose status Strapi has no error of its own for; see controllers/answer.ts. */
export class StatusError extends errors.ApplicationError<string, string, StatusDetails> {
  readonly status: number;
  /** Seconds after which it may be worth another try. */
  readonly retryAfter: number | null;

  constructor(input: {
    status: number;
    name: string;
    message: string;
    details: StatusDetails;
    retryAfter?: number;
  }) {
    super(input.message, input.details);
    this.name = input.name;
    this.status = input.status;
    this.retryAfter = input.retryAfter ?? null;
  }
}
