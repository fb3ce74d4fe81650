import { createHash } from 'node:crypto';
import type { Incoming, Origin } from '../../src/ports.ts';
import { accountOf, addressOf, isDirect, messageId, type Own, privateAddress } from './identity.ts';
import { afterMention, fromSlash, mentions, toCommand, unwrap } from './inbound-text.ts';
import {
  type BlockActions,
  Envelope,
  IdChanged,
  Kept,
  MemberJoined,
  Message,
  type SlashCommand,
  type ViewSubmission,
} from './schema.ts';
import { withoutUmbrella } from './spelling.ts';

/** Translates what Slack sends into what the shell reads. Nothing is decided here. */

/** Reads a stored event; undefined: other apps' messages, edits, and whatever else is none of our business. */
export function readEvent(body: unknown, known: Own | undefined): Incoming | undefined {
  const parsed = Envelope.safeParse(body);
  if (!parsed.success) return undefined;
  const envelope = parsed.data;
  const own = known ?? ownIn(envelope);
  switch (envelope.event.type) {
    case 'message':
    case 'app_mention': {
      const message = Message.safeParse(envelope.event);
      return message.success ? readMessage(message.data, envelope, own) : undefined;
    }
    case 'member_joined_channel':
      return readJoined(envelope, own);
    case 'channel_id_changed':
      return readMoved(envelope, own);
    default:
      return undefined;
  }
}

/**
 * An event that was stored before Slack could be asked who we are names the installation that it was sent to. In a channel
 * shared with others nothing else may stand in for it: a stranger must stay one.
 */
function ownIn({ authorizations, team_id, enterprise_id, is_ext_shared_channel }: Envelope): Own {
  const installed = authorizations?.[0];
  const team = installed?.team_id ?? (is_ext_shared_channel === true ? undefined : team_id);
  const enterprise = installed?.enterprise_id ?? (is_ext_shared_channel === true ? undefined : enterprise_id);
  return {
    team: team ?? '',
    ...(enterprise == null ? {} : { enterprise }),
    ...(installed?.user_id == null ? {} : { user: installed.user_id }),
  };
}

/**
 * Where a message is signed by a workspace, that one counts; the envelope's stands for it among ourselves only. One with a
 * file need not be signed: in a channel that is shared, ours on the envelope says no more than who was sent it.
 */
function authorOf(message: Message, user: string, envelope: Envelope, own: Own): string {
  const isOurCopy = envelope.is_ext_shared_channel === true && envelope.team_id === own.team;
  const team = message.user_team ?? message.team ?? (isOurCopy ? undefined : envelope.team_id);
  // The envelope tells the enterprise of its own workspace: another workspace's people may belong to another.
  const isInside = envelope.is_ext_shared_channel !== true || team === envelope.team_id;
  return accountOf({ user, team, enterprise: isInside ? envelope.enterprise_id : undefined }, own);
}

const SPOKEN = new Set(['file_share', 'thread_broadcast']);

function readMessage(message: Message, envelope: Envelope, own: Own): Incoming | undefined {
  const { user, channel, ts, text } = message;
  if (user == null || user === own.user || user === 'USLACKBOT') return undefined;
  if (message.bot_id != null || message.bot_profile != null || message.hidden === true) return undefined;
  if (message.edited != null || (message.subtype != null && !SPOKEN.has(message.subtype))) return undefined;
  if (text == null || text.trim() === '') return undefined;
  const isPrivate = message.channel_type === 'im' || isDirect(channel);
  const isMention = envelope.event.type === 'app_mention';
  // A mention in a channel comes twice, as a message and as a mention, under two ids; it is read as the mention.
  if (!isMention && !isPrivate && mentions(text, own.user)) return undefined;
  const called = isMention || (isPrivate && own.user !== undefined) ? afterMention(text, own.user) : undefined;
  const account = authorOf(message, user, envelope, own);
  const thread = message.thread_ts != null && message.thread_ts !== ts ? message.thread_ts : undefined;
  const answersUs = thread !== undefined && message.parent_user_id != null && message.parent_user_id === own.user;
  return {
    sort: 'said',
    account,
    address: isPrivate
      ? { ...privateAddress(account), ...(thread === undefined ? {} : { thread }) }
      : addressOf(channel, thread, account),
    isPrivate,
    message: messageId(channel, ts),
    text: withoutUmbrella(called === undefined ? unwrap(text) : toCommand(unwrap(called))),
    ...(answersUs ? { answers: messageId(channel, thread) } : {}),
  };
}

function readJoined(envelope: Envelope, own: Own): Incoming | undefined {
  const joined = MemberJoined.safeParse(envelope.event);
  if (!joined.success || joined.data.user !== own.user) return undefined;
  const { channel, channel_type, inviter } = joined.data;
  // In a shared channel the inviter's workspace is not told: it is nobody whom we know.
  const by = inviter == null || envelope.is_ext_shared_channel === true ? joined.data.user : inviter;
  const account = accountOf({ user: by, team: own.team }, own);
  const scope = channel_type === 'G' ? 'groups:history' : 'channels:history';
  return {
    sort: 'added',
    account,
    address: { platform: 'slack', chat: channel },
    isPrivate: false,
    title: envelope.channel_name ?? channel,
    seesAll: own.scopes?.includes(scope) ?? true,
  };
}

function readMoved({ event }: Envelope, own: Own): Incoming | undefined {
  const moved = IdChanged.safeParse(event);
  if (!moved.success) return undefined;
  return {
    sort: 'moved',
    account: `slack:${own.user ?? 'baton'}`,
    address: { platform: 'slack', chat: moved.data.old_channel_id },
    isPrivate: false,
    to: { platform: 'slack', chat: moved.data.new_channel_id },
  };
}

/** What is to be decided, under an id that is the same for a redelivery. */
export interface Asked {
  readonly incoming: Incoming;
  readonly id: string;
}

export function readSlash(command: SlashCommand, own: Own): Asked {
  const account = accountOf({ user: command.user_id, team: command.team_id, enterprise: command.enterprise_id }, own);
  return {
    id: `slack:cmd:${command.trigger_id}`,
    incoming: {
      sort: 'said',
      account,
      ...(command.user_name == null ? {} : { name: command.user_name }),
      address: addressOf(command.channel_id, undefined, account),
      isPrivate: isDirect(command.channel_id),
      text: fromSlash(command.command, command.text),
    },
  };
}

type Person = Pick<BlockActions, 'user' | 'team' | 'enterprise'>;

/** The account of whoever pressed or filled in. */
export const accountIn = ({ user, team, enterprise }: Person, own: Own): string =>
  accountOf(
    {
      user: user.id,
      team: user.team_id ?? team?.id,
      // The payload's enterprise is that of its team; of a person from elsewhere it says nothing.
      enterprise:
        user.team_id == null || user.team_id === team?.id ? (enterprise?.id ?? team?.enterprise_id) : undefined,
    },
    own,
  );

const nameIn = ({ user }: Person) => {
  const name = user.name ?? user.username;
  return name == null ? {} : { name };
};

/** A button; undefined where it stands for nothing of ours, such as a link. */
export function readPress(press: BlockActions, own: Own): Asked | undefined {
  const action = press.actions[0];
  if (action?.value == null) return undefined;
  const account = accountIn(press, own);
  const channel = press.channel?.id ?? press.container?.channel_id;
  const ts = press.message?.ts ?? press.container?.message_ts;
  const thread = press.message?.thread_ts === ts ? undefined : press.message?.thread_ts;
  const kept = keptIn(press.view);
  const where: Pick<Origin, 'address' | 'isPrivate'> =
    channel != null
      ? { address: addressOf(channel, thread, account), isPrivate: isDirect(channel) }
      : placeOf(kept, account);
  const canBeChanged = channel != null && ts != null && press.container?.is_ephemeral !== true;
  const id =
    press.trigger_id == null
      ? `${action.action_ts ?? ''}:${press.user.id}:${ts ?? press.view?.id ?? ''}`
      : press.trigger_id;
  return {
    id: `slack:act:${id}`,
    incoming: {
      sort: 'pressed',
      account,
      ...nameIn(press),
      ...where,
      ...(canBeChanged ? { message: messageId(channel, ts) } : {}),
      token: action.value,
    },
  };
}

function keptIn(view: { readonly private_metadata?: string | null | undefined } | null | undefined): Kept | undefined {
  const text = view?.private_metadata;
  if (text == null || text === '') return undefined;
  try {
    return Kept.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Where a form was opened; a form from the home page or a global shortcut belongs to the private conversation. */
function placeOf(kept: Kept | undefined, account: string): Pick<Origin, 'address' | 'isPrivate'> {
  if (kept === undefined || kept.isPrivate) return { address: privateAddress(account), isPrivate: true };
  const { chat, thread } = kept;
  return { address: { platform: 'slack', chat, ...(thread === undefined ? {} : { thread }) }, isPrivate: false };
}

export const SAY = 'baton_say';
export const SAID = 'words';

/** A form that was sent off, with what it keeps; undefined where it is none of ours. */
export function readSubmission(sent: ViewSubmission, own: Own): (Asked & { readonly kept: Kept }) | undefined {
  const { view } = sent;
  const account = accountIn(sent, own);
  // A form that was sent back with errors has its hash still: only the trigger tells its next sending from a redelivery.
  const sending =
    sent.trigger_id ??
    createHash('sha256')
      .update(JSON.stringify(view.state ?? {}))
      .digest('hex');
  const id = `slack:view:${view.id}:${view.hash ?? ''}:${sending}`;
  const values = valuesOf(view);
  const kept = keptIn(view);
  const base = { account, ...nameIn(sent), ...placeOf(kept, account) };
  if (view.callback_id === SAY) {
    const own = { token: '', chat: base.address.chat, isPrivate: true, title: 'Baton' };
    return { id, kept: own, incoming: { ...base, sort: 'said', text: withoutUmbrella((values[SAID] ?? '').trim()) } };
  }
  if (kept === undefined) return undefined;
  return { id, kept, incoming: { ...base, sort: 'filled', token: kept.token, values } };
}

/** The values by the names of their fields; an empty field is left out. */
function valuesOf({ state }: ViewSubmission['view']): Record<string, string> {
  const found: [string, string][] = [];
  for (const [name, elements] of Object.entries(state?.values ?? {})) {
    const element = Object.values(elements)[0];
    const value =
      element?.value ??
      element?.selected_option?.value ??
      (element?.selected_user == null ? undefined : `<@${element.selected_user}>`);
    if (value !== undefined && value.trim() !== '') found.push([name, value.trim()]);
  }
  return Object.fromEntries(found);
}
