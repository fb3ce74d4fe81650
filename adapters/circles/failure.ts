import { NEVER_LEFT, type Performed } from '../../src/forge-ports.ts';

/** What a call that brought nothing means. `why` is for people: never an address, a header or a body. */
export type Failure =
  /** Circles said no. `isStale`: somebody changed the same thing first, and the version that we had is not the one any more. */
  | {
      readonly is: 'answered';
      readonly status: number;
      readonly why: string;
      readonly isStale: boolean;
      readonly after?: number;
    }
  /** No connection came about. */
  | { readonly is: 'unreached'; readonly why: string }
  /** It may have been carried out. */
  | { readonly is: 'unknown'; readonly why: string };

export type Answer<T> =
  | {
      readonly ok: true;
      readonly body: T;
      /** There is a next page. */
      readonly hasNext: boolean;
      /** What the server's clock said. */
      readonly date: number | undefined;
    }
  | { readonly ok: false; readonly failure: Failure };

type Unlucky = Exclude<Performed, { readonly is: 'done' }>;

/** Reads what `fetch` threw. */
export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  if (code !== undefined && NEVER_LEFT.has(code)) return { is: 'unreached', why: `Circles is not reached (${code})` };
  return { is: 'unknown', why: `Circles gave no usable answer${code === undefined ? '' : ` (${code})`}` };
}

/** Only codes in capitals: they name a kind of failure and hold no address. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 3) return undefined;
  if ('name' in error && error.name === 'TimeoutError') return 'TIMEOUT';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code)) return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0], depth + 1);
  return 'cause' in error ? codeOf(error.cause, depth + 1) : undefined;
}

const LEAST_WAIT = 1_000;
const MOST_WAIT = 3_600_000;

/** Reads an answer that is no success: Taiga has three shapes of them, and proxies before it have their own. */
export function refusalOf(status: number, body: unknown, wait: string | null): Failure {
  const why = `${status}${wordsOf(body)}`;
  const isStale = status === 400 && typeof body === 'object' && body !== null && 'version' in body;
  if (status !== 429) return { is: 'answered', status, why, isStale };
  const seconds = wait === null || wait.trim() === '' ? Number.NaN : Number(wait);
  const after = Number.isNaN(seconds) ? 60_000 : Math.min(MOST_WAIT, Math.max(LEAST_WAIT, Math.ceil(seconds * 1_000)));
  return { is: 'answered', status, why, isStale, after };
}

/** `_error_message`, `detail`, or the first field that is wrong with what is wrong about it. */
function wordsOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return '';
  const fields = new Map<string, unknown>(Object.entries(body));
  const [field, message] = [...fields][0] ?? [];
  const told = fields.get('_error_message') ?? fields.get('detail');
  const words = typeof told === 'string' ? told : Array.isArray(message) ? message[0] : message;
  if (typeof words !== 'string' || words === '') return '';
  const line = words.replace(/\s+/g, ' ').slice(0, 200);
  return typeof told === 'string' ? ` ${line}` : ` ${field}: ${line}`;
}

export const isAnswered = (failure: Failure, status: number): boolean =>
  failure.is === 'answered' && failure.status === status;

/** Waiting does not mend it: the token or the password is not taken. */
export const isUnauthorised = (failure: Failure): boolean => isAnswered(failure, 401);

/**
 * What became of the job. `wrote`: the call that failed was one that changes something; a reading one leaves no doubt, unless
 * an earlier try of the same job did.
 */
export function performedOf(failure: Failure, wrote: boolean, again: boolean): Unlucky {
  if (failure.is === 'unreached') return { is: 'away', why: failure.why };
  if (failure.is === 'unknown') return doubtful(failure.why, wrote || again);
  const { status, why, after } = failure;
  if (status === 429) return { is: 'later', after: after ?? LEAST_WAIT, why };
  if (status === 401) return { is: 'away', why: `${why}: Circles does not take our token` };
  if (failure.isStale) return { is: 'later', after: LEAST_WAIT, why: 'others change it at this moment' };
  if (status >= 500 || status < 400 || status === 408) return doubtful(why, wrote || again);
  return { is: 'refused', why: `Circles says ${why}` };
}

const doubtful = (why: string, isUnsure: boolean): Unlucky =>
  isUnsure ? { is: 'uncertain', why } : { is: 'away', why };
