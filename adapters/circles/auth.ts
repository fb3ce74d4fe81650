import { z } from 'zod';
import type { AdapterLog } from '../../src/forge-ports.ts';
import { type Answer, isUnauthorised } from './failure.ts';
import type { Send } from './http.ts';

/** Who we are to Taiga: an application's token that lasts, or a login whose tokens are renewed. */

export interface TokenStore {
  load(): string | undefined;
  save(text: string): Promise<void>;
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
  let access: string | undefined;
  let refresh = tokens.load();
  /** Renewing takes the old refresh token out of use: what two would do at once, one does for both. */
  let underWay: Promise<Answer<string>> | undefined;
  /** The store did not take it. It is the only one that is any good, and is not used before it is kept. */
  let unkept: Tokens | undefined;

  const keep = async (given: Tokens): Promise<Answer<string>> => {
    unkept = given;
    try {
      if (given.refresh !== undefined) await tokens.save(given.refresh);
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
    if (refresh !== undefined) {
      const renewed = await send({ method: 'POST', path: '/auth/refresh', body: { refresh } }, Tokens);
      if (renewed.ok) return keep(renewed.body);
      if (!isUnauthorised(renewed.failure)) return renewed;
      refresh = undefined;
    }
    const body = { type: 'normal', username: username ?? '', password: password ?? '' };
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
