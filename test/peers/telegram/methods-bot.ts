import { readRoom } from './access.ts';
import {
  isObject,
  opt,
  type Params,
  readArray,
  readBoolean,
  readInteger,
  readObject,
  readString,
} from './arguments.ts';
import { bad } from './refusal.ts';
import { seconds, type World } from './world.ts';

/** The methods about the bot itself: who it is, its menus, and where its updates go. */

type Method = (world: World, params: Params) => unknown;

const getMe: Method = (world) => ({
  ...world.bot,
  can_join_groups: true,
  can_read_all_group_messages: !world.privacy,
  supports_guest_queries: false,
  supports_inline_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
  can_manage_bots: false,
  supports_join_request_queries: false,
});

const WIDE = ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'];
const NARROW = ['chat', 'chat_administrators', 'chat_member'];

/** Names a scope: `default`, `chat:-100`, `chat_member:-100:7`, with `:en` behind for a language. */
function readScope(world: World, params: Params): string {
  const scope = readObject(params, 'scope') ?? { type: 'default' };
  const type = readString(scope, 'type') ?? '';
  const language = readString(params, 'language_code') ?? '';
  if (language !== '' && !/^[a-z]{2}$/.test(language)) throw bad('invalid language code specified');
  const tail = language === '' ? '' : `:${language}`;
  if (WIDE.includes(type)) return `${type}${tail}`;
  if (!NARROW.includes(type)) throw bad("can't parse BotCommandScope: unsupported type specified");
  const room = readRoom(world, scope, false);
  if (type !== 'chat' && room.chat.type === 'private')
    throw bad("can't change commands of administrators in private chats");
  if (type !== 'chat_member') return `${type}:${room.chat.id}${tail}`;
  const user = readInteger(scope, 'user_id') ?? 0;
  if (user <= 0) throw bad("can't parse BotCommandScope: invalid user_id specified");
  return `${type}:${room.chat.id}:${user}${tail}`;
}

function setMyCommands(world: World, params: Params): unknown {
  const commands = (readArray(params, 'commands') ?? []).map(readCommand);
  if (commands.length > 100) throw bad('BOT_COMMANDS_TOO_MUCH');
  const names = commands.map(({ command }) => command);
  if (new Set(names).size < names.length) throw bad('BOT_COMMAND_INVALID');
  const scope = readScope(world, params);
  if (commands.length === 0) world.commands.delete(scope);
  else world.commands.set(scope, commands);
  world.changed();
  return true;
}

function readCommand(value: unknown) {
  if (!isObject(value)) throw bad("can't parse BotCommand: expected an Object");
  const command = readString(value, 'command') ?? '';
  const description = readString(value, 'description') ?? '';
  if (!/^[a-z0-9_]{1,32}$/.test(command)) throw bad('BOT_COMMAND_INVALID');
  if (description.trim() === '' || description.length > 256) throw bad('BOT_COMMAND_DESCRIPTION_INVALID');
  return { command, description, ...(readBoolean(value, 'is_ephemeral') ? { is_ephemeral: true } : {}) };
}

function deleteMyCommands(world: World, params: Params): unknown {
  world.commands.delete(readScope(world, params));
  world.changed();
  return true;
}

function setWebhook(world: World, params: Params): unknown {
  const url = readString(params, 'url') ?? '';
  const secret = readString(params, 'secret_token');
  if (url === '') return deleteWebhook(world, params);
  // The real service wants HTTPS; on one machine HTTP must do.
  if (!/^https:\/\/\S+$|^http:\/\/(127\.0\.0\.1|localhost)[:/]\S*$/.test(url))
    throw bad('invalid webhook URL specified');
  if (secret !== undefined && secret.length > 256) throw bad('secret token is too long');
  if (secret !== undefined && !/^[A-Za-z0-9_-]*$/.test(secret)) throw bad('secret token contains unallowed characters');
  const connections = readInteger(params, 'max_connections') ?? 40;
  if (readBoolean(params, 'drop_pending_updates')) world.queue.drop();
  world.queue.allow(params);
  world.queue.webhook.set({ url, secret, connections: Math.min(100, Math.max(1, connections)) });
  world.queue.toWebhook();
  return true;
}

function deleteWebhook(world: World, params: Params): unknown {
  if (readBoolean(params, 'drop_pending_updates')) world.queue.drop();
  world.queue.webhook.set({ url: '', secret: undefined, connections: 40 });
  world.changed();
  return true;
}

const getWebhookInfo: Method = (world) => {
  const { url, connections, lastError } = world.queue.webhook.info();
  return {
    url,
    has_custom_certificate: false,
    pending_update_count: world.queue.pending().length,
    ...opt('max_connections', url === '' ? undefined : connections),
    ...opt('last_error_date', lastError && seconds(lastError.at)),
    ...opt('last_error_message', lastError?.message),
    ...opt('allowed_updates', world.queue.allowed()),
  };
};

export const BOT_METHODS: Readonly<Record<string, Method>> = {
  getMe,
  setMyCommands,
  deleteMyCommands,
  getMyCommands: (world, params) => world.commands.get(readScope(world, params)) ?? [],
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
};
