import { NEVER_LEFT, type Performed } from '../../src/forge-ports.ts';

/** What a call that brought nothing means. `why` is for people: never a token, a header or a body. */
export type Failure =
  /** GitHub said no. `after`: it was too fast, and so many milliseconds nothing should be asked. */
  | { readonly is: 'answered'; readonly status: number; readonly why: string; readonly after?: number }
  /** No connection came about. */
  | { readonly is: 'unreached'; readonly why: string }
  /** It may have been carried out. */
  | { readonly is: 'unknown'; readonly why: string };

/** Thrown within this folder, and a value at its edge. `wrote`: the call was one that changes something. */
export class Trouble extends Error {
  readonly failure: Failure;
  readonly wrote: boolean;

  constructor(failure: Failure, wrote = false) {
    super(failure.why);
    this.failure = failure;
    this.wrote = wrote;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? Object.fromEntries(fieldsOf(value)) : undefined;
const fieldsOf = (value: object): [string, unknown][] => [
  ...Object.entries(value),
  // An error's own words and kind are not among its enumerable fields.
  ...(value instanceof Error ? [['message', value.message] satisfies [string, unknown]] : []),
];

/** Reads what a client threw. */
export function failureOf(error: unknown, now: number): Failure {
  if (error instanceof Trouble) return error.failure;
  const thrown = fields(error);
  const answer = fields(thrown?.response);
  if (answer === undefined || typeof thrown?.status !== 'number') {
    const code = codeOf(error);
    if (code !== undefined && NEVER_LEFT.has(code)) return { is: 'unreached', why: `GitHub is not reached (${code})` };
    return { is: 'unknown', why: `GitHub gave no usable answer${code === undefined ? '' : ` (${code})`}` };
  }
  const { status } = thrown;
  const words = wordsOf(answer.data);
  const after = status === 403 || status === 429 ? waitOf(status, words, fields(answer.headers) ?? {}, now) : undefined;
  return { is: 'answered', status, why: `${status}${words === '' ? '' : ` ${words}`}`, ...(after && { after }) };
}

/** Only codes in capitals: they name a kind of failure and hold no address. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  if ('name' in error && (error.name === 'TimeoutError' || error.name === 'AbortError')) return 'TIMEOUT';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0], depth + 1);
  return 'cause' in error ? codeOf(error.cause, depth + 1) : undefined;
}

/** GitHub's message, with the first thing that is wrong; a page of HTML says nothing to people. */
function wordsOf(data: unknown): string {
  const { message, errors } = fields(data) ?? {};
  if (typeof message !== 'string') return '';
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const { field, code, message: detail } = fields(first) ?? {};
  const more = typeof detail === 'string' ? detail : typeof code === 'string' ? `${String(field)} ${code}` : first;
  return `${message}${typeof more === 'string' ? `: ${more}` : ''}`.replace(/\s+/g, ' ').slice(0, 200);
}

const LEAST_WAIT = 1_000;
const MOST_WAIT = 3_600_000;
const MINUTE = 60_000;

/** How long to keep still; undefined: it was no matter of speed. Whatever the headers hold, the wait is one to be reckoned with. */
function waitOf(status: number, words: string, headers: Fields, now: number): number | undefined {
  const given = headers['retry-after'];
  const seconds = given === undefined || given === '' ? Number.NaN : Number(given);
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000 - now + 1_000;
  const isSpent = headers['x-ratelimit-remaining'] === '0';
  const isSecondary = /rate limit|abuse/i.test(words);
  if (given === undefined && !isSpent && !isSecondary && status !== 429) return undefined;
  const wait = Number.isNaN(seconds) ? (isSpent && !Number.isNaN(reset) ? reset : MINUTE) : seconds * 1_000;
  return Math.min(MOST_WAIT, Math.max(LEAST_WAIT, Math.ceil(wait)));
}

export const isAnswered = (failure: Failure, ...statuses: readonly number[]): boolean =>
  failure.is === 'answered' && statuses.includes(failure.status);

/**
 * What became of the job. A call that only reads leaves no doubt, unless an earlier try of the same job did.
 */
export function performedOf({ failure, wrote }: Trouble, again: boolean): Exclude<Performed, { readonly is: 'done' }> {
  if (failure.is === 'unreached') return { is: 'away', why: failure.why };
  if (failure.is === 'unknown') return doubtful(failure.why, wrote || again);
  const { status, why, after } = failure;
  if (after !== undefined) return { is: 'later', after, why };
  if (status === 401) return { is: 'away', why: `${why}: GitHub does not take our credentials` };
  if (status >= 500 || status < 400 || status === 408) return doubtful(why, wrote || again);
  return { is: 'refused', why: `GitHub says ${why}` };
}

const doubtful = (why: string, isUnsure: boolean): Exclude<Performed, { readonly is: 'done' }> =>
  isUnsure ? { is: 'uncertain', why } : { is: 'away', why };
