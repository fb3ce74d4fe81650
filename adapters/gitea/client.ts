import type { AdapterLog, Clock } from '../../src/forge-ports.ts';

/** Questions to Gitea's API. An answer is its status and, where a list or an object was asked for, that: nothing else is read. */

export type Answer =
  | { readonly is: 'answered'; readonly status: number; readonly list?: readonly unknown[]; readonly object?: object }
  | { readonly is: 'unreached'; readonly why: string };

type Answered = Extract<Answer, { readonly is: 'answered' }>;

export interface Client {
  /** Asks; the body is thrown away unread. */
  status(path: string, query?: Query): Promise<Answer>;
  /** Asks for a list, or for one in an object by this name. Anything else that comes is thrown away. */
  list(path: string, query?: Query, under?: string): Promise<Answer>;
  /** Asks for an object. Only for what can hold nothing secret: a version, a repository's own entry. */
  object(path: string): Promise<Answer>;
}
type Query = Readonly<Record<string, string | undefined>>;

const WAIT = 10_000;
const MOST_BYTES = 8_000_000;
const LEAST_PAUSE = 1_000;
const MOST_PAUSE = 600_000;
const USUAL_PAUSE = 60_000;

export interface ClientOptions {
  readonly base: URL;
  readonly token: string;
  readonly clock: Clock;
  readonly log: AdapterLog;
}

export function createClient({ base, token, clock, log }: ClientOptions): Client {
  const root = `${base.origin}${base.pathname.replace(/\/+$/, '')}/api/v1`;
  let pausedUntil = 0;

  async function ask(path: string, query: Query): Promise<Response> {
    const url = new URL(`${root}${path}`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const response = await fetch(url, {
      headers: { authorization: `token ${token}`, accept: 'application/json' },
      // Where it leads to is not on the list.
      redirect: 'manual',
      signal: AbortSignal.timeout(WAIT),
    });
    if (response.status === 429) pausedUntil = clock.now() + pauseOf(response.headers.get('retry-after'));
    return response;
  }

  async function answer(
    path: string,
    query: Query,
    read: (response: Response) => Promise<Pick<Answered, 'list' | 'object'>>,
  ): Promise<Answer> {
    if (clock.now() < pausedUntil) return { is: 'unreached', why: 'too many questions at present' };
    try {
      const response = await ask(path, query);
      const found = response.status === 200 ? await read(response) : {};
      if (!response.bodyUsed) await response.body?.cancel();
      return { is: 'answered', status: response.status, ...found };
    } catch (error) {
      // The error itself may hold the address and, with a token that can't stand in a header, the token.
      const why = `no answer (${codeOf(error)})`;
      log.warn('Gitea is not reached', { why });
      return { is: 'unreached', why };
    }
  }

  return {
    status: (path, query = {}) => answer(path, query, async () => ({})),
    list: (path, query = {}, under = undefined) => answer(path, query, (response) => readList(response, under)),
    object: (path) => answer(path, {}, readObject),
  };
}

function pauseOf(header: string | null): number {
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header);
  return Number.isNaN(seconds) ? USUAL_PAUSE : Math.min(MOST_PAUSE, Math.max(LEAST_PAUSE, seconds * 1_000));
}

/**
 * A folder comes as a list, a file as an object with what it says. So the first sign decides, and of an object that was
 * not asked for nothing more is taken in.
 */
async function readList(response: Response, under: string | undefined): Promise<Pick<Answered, 'list'>> {
  const value = await readJson(response, under === undefined ? '[' : '{');
  const list: unknown =
    under === undefined || typeof value !== 'object' || value === null ? value : Reflect.get(value, under);
  return Array.isArray(list) ? { list } : {};
}

async function readObject(response: Response): Promise<Pick<Answered, 'object'>> {
  const object = await readJson(response, '{');
  return typeof object === 'object' && object !== null ? { object } : {};
}

async function readJson(response: Response, wanted: '[' | '{'): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    pieces.push(piece);
    length += piece.length;
    const isOther = pieces.length === 1 && !Buffer.from(piece).toString('latin1').trimStart().startsWith(wanted);
    // Leaving the loop ends the transfer.
    if (isOther || length > MOST_BYTES) return undefined;
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    // Node's words about wrong JSON repeat some of it.
    return undefined;
  }
}

function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 3) return 'unknown';
  if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(error.code)) return error.code;
  if (error.name === 'TimeoutError') return 'timeout';
  return codeOf(error.cause, depth + 1);
}
