import { randomUUID } from 'node:crypto';
import { Refusal } from './actions.ts';
import { type Row, recordedBody, rowOf, textOf } from './json.ts';
import { shownName } from './render.ts';
import type { User, World } from './world.ts';

/** Who is who: logins, tokens that end, refresh tokens that are good once, and applications' tokens that last. */

export interface Accounts {
  /** Undefined: nobody in particular. Throws where a token is given and not good. */
  userOf(authorization: string | undefined): User | undefined;
  login(body: Row): Row;
  refresh(body: Row): Row;
  me(user: User | undefined): Row;
  applicationToken(user: User): string;
  revoke(token: string): void;
  /** Every token of a login ends; refresh tokens stay good. */
  expire(): void;
  /** Refresh tokens end as well. */
  forget(): void;
}

const LIKE = rowOf(recordedBody('01-POST_auth'));

const badToken = (): Refusal =>
  new Refusal(401, {
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }],
  });

export function createAccounts(world: World): Accounts {
  const access = new Map<string, User>();
  const refreshing = new Map<string, User>();
  const lasting = new Map<string, User>();

  const issue = (user: User): Row => {
    const tokens = { auth_token: `jwt.access.${randomUUID()}`, refresh: `jwt.refresh.${randomUUID()}` };
    access.set(tokens.auth_token, user);
    refreshing.set(tokens.refresh, user);
    return tokens;
  };
  const profile = (user: User): Row => {
    const { auth_token: _, refresh: __, ...like } = structuredClone(LIKE);
    return {
      ...like,
      id: user.id,
      username: user.username,
      full_name: user.fullName,
      full_name_display: shownName(user),
      email: `${user.username}@example.org`,
    };
  };
  return {
    userOf: (authorization) => {
      const [scheme, token = ''] = (authorization ?? '').split(' ');
      if (scheme === 'Bearer') {
        const user = access.get(token);
        if (user === undefined) throw badToken();
        return user;
      }
      if (scheme !== 'Application') return undefined;
      const user = lasting.get(token);
      if (user === undefined)
        throw new Refusal(401, {
          _error_message: 'Invalid token',
          _error_type: 'taiga.base.exceptions.NotAuthenticated',
        });
      return user;
    },
    login: (body) => {
      if (body.type !== 'normal')
        throw new Refusal(400, {
          _error_message: 'invalid login type',
          _error_type: 'taiga.base.exceptions.BadRequest',
        });
      const user = world.users.find(
        (each) => !each.isSystem && each.username === body.username && each.password === body.password,
      );
      if (user === undefined)
        throw new Refusal(401, {
          detail: 'No active account found with the given credentials',
          code: 'invalid_credentials',
        });
      return { ...profile(user), ...issue(user) };
    },
    refresh: (body) => {
      const token = textOf(body.refresh);
      const user = refreshing.get(token);
      if (user === undefined)
        throw new Refusal(401, { detail: 'Token is invalid or expired', code: 'token_not_valid' });
      refreshing.delete(token);
      return issue(user);
    },
    me: (user) => {
      if (user === undefined)
        throw new Refusal(401, {
          _error_message: 'Authentication credentials were not provided.',
          _error_type: 'taiga.base.exceptions.NotAuthenticated',
        });
      return profile(user);
    },
    applicationToken: (user) => {
      const token = randomUUID();
      lasting.set(token, user);
      return token;
    },
    revoke: (token) => void lasting.delete(token),
    expire: () => access.clear(),
    forget: () => {
      access.clear();
      refreshing.clear();
    },
  };
}
