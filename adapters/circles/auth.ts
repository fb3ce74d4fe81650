import { z } from 'zod';
import type { AdapterLog } from '../../src/forge-ports.ts';
import { type Answer, isUnauthorised } from './failure.ts';
import type { Send } from './http.ts';
import { isSealed, type Login, seal, unseal } from './seal.ts';

/** Who we are to Taiga: an application's token that lasts, or a login whose tokens are renewed. */

export interface TokenStore {
  load(): string | undefined;
  save(text: string): Promise<void>;
  /** One that we were given: it is to be read nowhere. */
  given?(token: string): void;
}

export interface Auth {
  /** What the next call carries. */
  header(): Promise<Answer<string>>;
  /** That one was not taken: another one, where there can be one. */
  renew(refused: string): Promise<Answer<string> | undefined>;
}

export interface AuthOptions {
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tokens: TokenStore;
  readonly log: AdapterLog;
}

const Tokens = z.object({ auth_token: z.string().min(1), refresh: z.string().min(1).optional() });
type Tokens = z.infer<typeof Tokens>;

const good = <T>(body: T): Answer<T> => ({ ok: true, body, hasNext: false, date: undefined });

/** An application's token goes before a login where both are set. */
export function createAuth(options: AuthOptions, send: Send): Auth {
  const { token } = options;
  if (token === undefined) return createLogin(options, send);
  const header = `Application ${token}`;
  return { header: async () => good(header), renew: async () => undefined };
}

function createLogin({ username, password, tokens, log }: AuthOptions, send: Send): Auth {
  const login: Login = { username: username ?? '', password: password ?? '' };
  let access: string | undefined;
  let refresh: string | undefined;
  let isLoaded = false;
  /** Renewing takes the old refresh token out of use: what two would do at once, one does for both. */
  let underWay: Promise<Answer<string>> | undefined;
  /** The store did not take it. It is the only one that is any good, and is not used before it is kept. */
  let unkept: Tokens | undefined;

  const store = async (token: string): Promise<void> => tokens.save(await seal(token, login));
  /** Not before it is asked for: the store is opened after we are made. */
  const load = async (): Promise<void> => {
    if (isLoaded) return;
    isLoaded = true;
    const kept = tokens.load();
    refresh = kept === undefined || !isSealed(kept) ? kept : await unseal(kept, login);
    if (refresh !== undefined) tokens.given?.(refresh);
    // One that stands there to be read is sealed at once, for Taiga may be away. Where that fails, the next one is.
    if (kept !== undefined && kept === refresh)
      await store(kept).catch((error: unknown) => log.fault('the token of Circles could not be sealed', error));
  };
  const keep = async (given: Tokens): Promise<Answer<string>> => {
    unkept = given;
    for (const token of [given.auth_token, given.refresh]) if (token !== undefined) tokens.given?.(token);
    try {
      if (given.refresh !== undefined) await store(given.refresh);
    } catch (error) {
      const reference = log.fault('the token of Circles could not be stored', error);
      return {
        ok: false,
        failure: { is: 'unreached', why: `the token of Circles could not be stored (${reference})` },
      };
    }
    unkept = undefined;
    refresh = given.refresh ?? refresh;
    access = `Bearer ${given.auth_token}`;
    return good(access);
  };
  const obtain = async (): Promise<Answer<string>> => {
    if (unkept !== undefined) return keep(unkept);
    await load();
    if (refresh !== undefined) {
      const renewed = await send({ method: 'POST', path: '/auth/refresh', body: { refresh } }, Tokens);
      if (renewed.ok) return keep(renewed.body);
      if (!isUnauthorised(renewed.failure)) return renewed;
      refresh = undefined;
    }
    const body = { type: 'normal', ...login };
    const entered = await send({ method: 'POST', path: '/auth', body }, Tokens);
    return entered.ok ? keep(entered.body) : entered;
  };
  const once = (): Promise<Answer<string>> => {
    underWay ??= obtain().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  return {
    header: async () => (access === undefined ? once() : good(access)),
    renew: async (refused) => {
      // Somebody else's call was refused first, and there is a new one already.
      if (access !== undefined && access !== refused) return good(access);
      access = undefined;
      return once();
    },
  };
}
