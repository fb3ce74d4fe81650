/** A no of the API, with GitHub's words. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status), ...more };
    this.headers = headers;
  }
}

export const missing = (): Refusal => new Refusal(404, 'Not Found');
export const invalid = (resource: string, field: string, code: string): Refusal =>
  new Refusal(422, 'Validation Failed', { errors: [{ resource, field, code }] });
export const forbidden = (): Refusal => new Refusal(403, 'Resource not accessible by integration');
