/**
 * Why a strategy lets nobody in. Strapi answers with the error that a strategy gives, in its usual envelope and with the status
 * that the error names; but it lays empty details over the error's own, which therefore cannot be replaced. To throw is no way:
 * Strapi replaces an UnauthorizedError and a ForbiddenError, wherever it comes from, by one that says nothing.
 */
export class Refusal extends Error {
  readonly status: 401 | 403;
  readonly #code: string;

  constructor(status: 401 | 403, { code, message }: { code: string; message: string }) {
    super(message);
    this.name = status === 401 ? 'UnauthorizedError' : 'ForbiddenError';
    this.status = status;
    this.#code = code;
  }

  get details(): { code: string } {
    return { code: this.#code };
  }

  set details(_replacement: object) {
    // Kept as they are.
  }
}
