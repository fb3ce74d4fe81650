import type { Api } from 'grammy';
import type { Reader } from './inbound.ts';
import { Me } from './schema.ts';

/** Who we are on Telegram: our number is in the token, the rest is asked for. */
export interface Identity {
  /** The bot's number. */
  readonly id: number;
  /** Updates are numbered for each bot anew. */
  inboxId(update: number): string;
  /** Asks once; throws what the call throws. */
  learn(): Promise<Me>;
  username(): string | undefined;
  reader(): Reader;
  /** Notes on an update who we were when it came: it reads the same however late that is. */
  stamp(update: object): object;
}

export function createIdentity(token: string, api: Api, signal: AbortSignal): Identity {
  const id = Number(/^\d+/.exec(token)?.[0] ?? 0);
  let me: Me | undefined;
  return {
    id,
    inboxId: (update) => `telegram:${id}:${update}`,
    learn: async () => {
      me ??= Me.parse(await api.getMe(signal as Parameters<Api['getMe']>[0]));
      return me;
    },
    username: () => me?.username,
    reader: () => ({
      id: me?.id ?? id,
      ...(me === undefined ? {} : { username: me.username, seesAll: me.can_read_all_group_messages === true }),
    }),
    stamp: (update) =>
      me === undefined
        ? update
        : { ...update, received_by: { username: me.username, seesAll: me.can_read_all_group_messages === true } },
  };
}
