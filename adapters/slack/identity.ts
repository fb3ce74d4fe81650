import type { Address } from '../../src/ports.ts';

/** Who we are on Slack, as `auth.test` tells, and what the token may do. */
export interface Own {
  readonly team: string;
  readonly enterprise?: string;
  /** The bot's user: what people mention. */
  readonly user?: string;
  readonly teamName?: string;
  readonly scopes?: readonly string[];
}

export interface Somebody {
  readonly user: string;
  readonly team?: string | null | undefined;
  readonly enterprise?: string | null | undefined;
}

/**
 * An account is the user's id, with the workspace before it where that is not ours: in a channel shared with another
 * company its people have ids too, and none of them may be taken for one of ours.
 */
export function accountOf({ user, team, enterprise }: Somebody, own: Own): string {
  const isOurs = (team === own.team && own.team !== '') || (enterprise != null && enterprise === own.enterprise);
  return isOurs ? `slack:${user}` : `slack:${enterprise ?? team ?? 'unknown'}/${user}`;
}

/** The private conversation of an account: it is named after the person, not after the channel that Slack keeps it in. */
export const privateAddress = (account: string): Address => ({
  platform: 'slack',
  chat: account.slice('slack:'.length),
});

export const isDirect = (channel: string): boolean => channel.startsWith('D');

/** The address of a conversation as one of its people sees it. */
export function addressOf(channel: string, thread: string | null | undefined, account: string): Address {
  const base = isDirect(channel) ? privateAddress(account) : { platform: 'slack' as const, chat: channel };
  return thread == null ? base : { ...base, thread };
}

/** The user behind the address of a private conversation; undefined for a channel. */
export function userIn(chat: string): string | undefined {
  const user = chat.slice(chat.lastIndexOf('/') + 1);
  return /^[UW]/.test(user) ? user : undefined;
}

/**
 * The conversation that an address names. Written as text and read back, the private one of somebody from another workspace
 * has the workspace as its chat, and the person where a thread stands.
 */
export function whole(address: Address): Address {
  const found = /^([UW][A-Z0-9]+)(?:\/(.+))?$/.exec(address.thread ?? '');
  const [, user, thread] = found ?? [];
  if (user === undefined) return address;
  return { platform: 'slack', chat: user, ...(thread === undefined ? {} : { thread }) };
}

/** Our ids of messages are `<channel>/<ts>`. */
export const messageId = (channel: string, ts: string): string => `${channel}/${ts}`;
export function readMessageId(id: string): { channel: string; ts: string } | undefined {
  const [channel, ts] = id.split('/');
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}
