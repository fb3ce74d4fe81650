import type { Api } from 'grammy';
import type { AdapterLog, Address, Finding, MenuEntry, Sent, Unasked } from '../../src/ports.ts';
import { chatId, messageOf, userOf } from './calls.ts';
import { type Failure, failureOf, sentOf } from './errors.ts';
import { Me } from './schema.ts';
import { clean, cut } from './words.ts';

/** What is set up at the platform: the check of the token, menus, links into chats. */

/** Asks who we are and says what that allows. Never throws. */
export async function checkToken(api: Api): Promise<readonly Finding[]> {
  try {
    return findingsOf(Me.parse(await api.getMe()));
  } catch (error) {
    return [trouble(failureOf(error))];
  }
}

function findingsOf(me: Me): Finding[] {
  const token: Finding = { ok: true, what: `the token is @${me.username}'s` };
  const groups: Finding =
    me.can_join_groups === false
      ? {
          ok: false,
          what: `@${me.username} can't be added to groups`,
          remedy: `in @BotFather: /mybots, @${me.username}, Bot Settings, Allow Groups?, Turn groups on`,
        }
      : { ok: true, what: `@${me.username} can be added to groups` };
  const privacy: Finding =
    me.can_read_all_group_messages === true
      ? { ok: true, what: 'privacy mode is off: it reads everything in its groups' }
      : {
          ok: false,
          what: 'privacy mode is on: in groups it reads only commands and replies to it, so nobody is reminded who mentions a developer',
          remedy: `for that make it an administrator of the group; or in @BotFather: /mybots, @${me.username}, Bot Settings, Group Privacy, Turn off, and then remove it from the group and add it again`,
        };
  return [token, groups, privacy];
}

function trouble(failure: Failure): Finding {
  const isToken = failure.is === 'answered' && (failure.code === 401 || failure.code === 404);
  return isToken
    ? {
        ok: false,
        what: `Telegram does not take the bot's token (${failure.code})`,
        remedy: 'in @BotFather: /mybots, your bot, API Token; copy it into TELEGRAM_BOT_TOKEN',
      }
    : {
        ok: false,
        what: failure.why,
        remedy: 'see whether this machine reaches https://api.telegram.org, or the address in TELEGRAM_API_ROOT',
      };
}

const MOST_COMMANDS = 100;
const MOST_SUMMARY = 256;

/** Sets the menu of one chat, or of all that have none of their own. Names there have no hyphens. */
export async function setMenu(api: Api, entries: readonly MenuEntry[], address?: Address): Promise<Sent> {
  const scope =
    address === undefined ? { type: 'default' as const } : { type: 'chat' as const, chat_id: chatId(address.chat) };
  const named = entries.map(({ command, summary }) => ({
    command: command.replace(/^\//, '').replaceAll('-', '_').toLowerCase(),
    description: cut(clean(summary).trim(), MOST_SUMMARY),
  }));
  const commands = named
    .filter(({ command, description }, at) => {
      const isFirst = named.findIndex((each) => each.command === command) === at;
      return isFirst && /^[a-z0-9_]{1,32}$/.test(command) && description !== '';
    })
    .slice(0, MOST_COMMANDS);
  return attempt(() =>
    commands.length === 0 ? api.deleteMyCommands({ scope }) : api.setMyCommands(commands, { scope }),
  );
}

const MOST_NAME = 32;

/** A link by which one asks to be let in; who asks is looked at before they are. Undefined where none can be made. */
export async function makeLink(
  api: Api,
  log: AdapterLog,
  address: Address,
  until: number,
  name: string,
): Promise<string | undefined | Unasked> {
  try {
    const link = await api.createChatInviteLink(chatId(address.chat), {
      name: cut(clean(name), MOST_NAME),
      expire_date: Math.floor(until / 1000),
      creates_join_request: true,
    });
    return link.invite_link;
  } catch (error) {
    const failed = sentOf(failureOf(error));
    if (failed.is !== 'refused' && failed.is !== 'moved') return failed;
    log.warn('no invite link could be made; the bot must be an administrator of the chat who may invite users', {
      chat: address.chat,
      why: failureOf(error).why,
    });
    return undefined;
  }
}

/** Answers somebody who asks to be let in; an answer that was given already is one. */
export async function letIn(api: Api, address: Address, account: string, yes: boolean): Promise<Sent> {
  const user = userOf(account);
  if (user === undefined) return { is: 'refused', why: `${account} is no person` };
  const chat = chatId(address.chat);
  const sent = await attempt(() =>
    yes ? api.approveChatJoinRequest(chat, user) : api.declineChatJoinRequest(chat, user),
  );
  const isDone = sent.is === 'refused' && /USER_ALREADY_PARTICIPANT|HIDE_REQUESTER_MISSING/i.test(sent.why);
  return isDone ? { is: 'sent', id: null } : sent;
}

/** Deletes somebody's message: always in private, in a chat of several as an administrator who may. */
export async function removeMessage(api: Api, id: string): Promise<Sent> {
  const message = messageOf(id);
  if (message === undefined) return { is: 'refused', why: `“${id}” is no message of Telegram` };
  return attempt(() => api.deleteMessage(chatId(message.chat), message.number));
}

/** Pins a message of ours, or takes its pin off: in a group as an administrator who may. Nobody is woken by it. */
export async function pinMessage(api: Api, id: string, yes: boolean): Promise<Sent> {
  const message = messageOf(id);
  if (message === undefined) return { is: 'refused', why: `“${id}” is no message of Telegram` };
  const chat = chatId(message.chat);
  const { number } = message;
  return attempt(() =>
    yes ? api.pinChatMessage(chat, number, { disable_notification: true }) : api.unpinChatMessage(chat, number),
  );
}

async function attempt(call: () => Promise<unknown>): Promise<Sent> {
  try {
    await call();
    return { is: 'sent', id: null };
  } catch (error) {
    return sentOf(failureOf(error));
  }
}
