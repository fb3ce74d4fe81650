/** What the API says no with. Thrown within the peer alone: a handler may be deep in an argument when it finds it wrong. */
export class Refusal extends Error {
  readonly code: number;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, description: string, parameters?: Readonly<Record<string, unknown>>) {
    super(`${code} ${description}`);
    this.code = code;
    this.description = description;
    this.parameters = parameters;
  }
}

const PREFIXES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  409: 'Conflict',
  429: 'Too Many Requests',
};

export const bad = (what: string): Refusal => new Refusal(400, `${PREFIXES[400]}: ${what}`);
export const forbidden = (what: string): Refusal => new Refusal(403, `${PREFIXES[403]}: ${what}`);
export const conflict = (what: string): Refusal => new Refusal(409, `${PREFIXES[409]}: ${what}`);
export const tooMany = (seconds: number): Refusal =>
  new Refusal(429, `${PREFIXES[429]}: retry after ${seconds}`, { retry_after: seconds });
