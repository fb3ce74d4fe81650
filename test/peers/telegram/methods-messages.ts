import type { Update } from 'grammy/types';
import { findUser, needRight, readMessage, readReceiver, readReply, readRoom, readTopic } from './access.ts';
import { needInteger, type Params, readBoolean, readObject, readString } from './arguments.ts';
import { bad, Refusal } from './refusal.ts';
import { readMarkup, readText } from './text.ts';
import { change, has, type Kept, keep, latest, type Room, toMessage, type World } from './world.ts';

/** The methods about messages. */

type Method = (world: World, params: Params) => unknown;

const DELETABLE = 48 * 3_600_000;

function sendMessage(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  if (room.chat.type === 'channel')
    needRight(world, room, 'can_post_messages', 'need administrator rights in the channel chat');
  const written = readText(params, (id) => findUser(world, id));
  const markup = readMarkup(params, false);
  const replyTo = readReply(room, params);
  const topic = readTopic(room, params) ?? replyTo?.topic;
  const visibleTo = readReceiver(world, room, params);
  if (replyTo?.visibleTo !== undefined && visibleTo === undefined && world.ephemeral === 'supported')
    throw bad('a reply to an ephemeral message must be ephemeral');
  readObject(params, 'link_preview_options');
  const silent = readBoolean(params, 'disable_notification');
  world.pace('sendMessage', room);
  const draft = { from: world.bot, ...written, ...markup, replyTo, topic, visibleTo, silent };
  return toMessage(world, keep(world, room, draft));
}

/** A message of ours that may be edited. */
function readOwn(world: World, room: Room, params: Params): Kept {
  const kept = readMessage(room, params, 'message to edit');
  if (kept.from.id !== world.bot.id || kept.forceReply) throw bad("message can't be edited");
  return kept;
}

function revise(world: World, kept: Kept, params: Params, method: string, withText: boolean): void {
  const now = latest(kept);
  const written = withText ? readText(params, (id) => findUser(world, id)) : { text: now.text, entities: now.entities };
  // What an edit doesn't mention is gone: an edit without a keyboard takes the keyboard away.
  const keyboard = readMarkup(params, true)?.keyboard ?? [];
  const next = { ...written, keyboard };
  world.pace(method, kept.room);
  if (JSON.stringify(next) === JSON.stringify({ text: now.text, entities: now.entities, keyboard: now.keyboard }))
    throw bad(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  change(world, kept, next);
}

const edit =
  (method: string, withText: boolean): Method =>
  (world, params) => {
    const room = readRoom(world, params, true);
    const kept = readOwn(world, room, params);
    revise(world, kept, params, method, withText);
    return toMessage(world, kept);
  };

function readEphemeral(world: World, params: Params, what: string): Kept {
  if (world.ephemeral === 'ignored') throw new Refusal(404, 'Not Found: method not found');
  if (world.ephemeral !== 'supported') throw bad('ephemeral messages are not supported');
  const room = readRoom(world, params, true);
  const receiver = needInteger(params, 'receiver_user_id', 'invalid user identifier specified');
  const id = needInteger(params, 'ephemeral_message_id', 'message identifier is not specified');
  const kept = room.ephemeral.get(id);
  if (kept === undefined || kept.deleted || kept.visibleTo !== receiver) throw bad(`${what} not found`);
  return kept;
}

const editEphemeral =
  (method: string, withText: boolean): Method =>
  (world, params) => {
    revise(world, readEphemeral(world, params, 'message to edit'), params, method, withText);
    return true;
  };

function remove(world: World, kept: Kept): true {
  kept.deleted = true;
  world.changed();
  return true;
}

function deleteMessage(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  const kept = readMessage(room, params, 'message to delete');
  const may = has(room.members.get(world.bot.id), 'can_delete_messages');
  const own = kept.from.id === world.bot.id || room.chat.type === 'private';
  if (!may && (!own || world.now() - kept.at > DELETABLE)) throw bad("message can't be deleted");
  return remove(world, kept);
}

function pinChatMessage(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  const kept = readMessage(room, params, 'message to pin');
  if (room.chat.type !== 'private')
    needRight(world, room, 'can_pin_messages', 'not enough rights to manage pinned messages in the chat');
  kept.pinned = true;
  const extra = { pinned_message: toMessage(world, kept, false) };
  const service = keep(world, room, { from: world.bot, extra, silent: readBoolean(params, 'disable_notification') });
  world.queue.push('message', toMessage(world, service) as NonNullable<Update['message']>);
  return true;
}

function unpinChatMessage(world: World, params: Params): unknown {
  const room = readRoom(world, params, true);
  const kept = readMessage(room, params, 'message to unpin');
  if (room.chat.type !== 'private')
    needRight(world, room, 'can_pin_messages', 'not enough rights to manage pinned messages in the chat');
  kept.pinned = false;
  world.changed();
  return true;
}

function answerCallbackQuery(world: World, params: Params): unknown {
  const id = readString(params, 'callback_query_id') ?? '';
  const text = readString(params, 'text') ?? '';
  if (text.length > 200) throw bad('MESSAGE_TOO_LONG');
  const query = world.queries.get(id);
  const given = world.answers.get(id) ?? [];
  if (query === undefined || given.length > 0 || world.now() - query.at > world.queryLife)
    throw bad('query is too old and response timeout expired or query ID is invalid');
  world.answers.set(id, [{ at: world.now(), text, alert: readBoolean(params, 'show_alert') }]);
  world.changed();
  return true;
}

const ACTIONS = new Set([
  ...['typing', 'upload_photo', 'record_video', 'upload_video', 'record_voice', 'upload_voice', 'upload_document'],
  ...['choose_sticker', 'find_location', 'record_video_note', 'upload_video_note'],
]);

function sendChatAction(world: World, params: Params): unknown {
  readRoom(world, params, true);
  if (!ACTIONS.has(readString(params, 'action') ?? '')) throw bad('wrong parameter action in request');
  return true;
}

export const MESSAGE_METHODS: Readonly<Record<string, Method>> = {
  sendMessage,
  editMessageText: edit('editMessageText', true),
  editMessageReplyMarkup: edit('editMessageReplyMarkup', false),
  editEphemeralMessageText: editEphemeral('editEphemeralMessageText', true),
  editEphemeralMessageReplyMarkup: editEphemeral('editEphemeralMessageReplyMarkup', false),
  deleteEphemeralMessage: (world, params) => remove(world, readEphemeral(world, params, 'message to delete')),
  deleteMessage,
  pinChatMessage,
  unpinChatMessage,
  answerCallbackQuery,
  sendChatAction,
};
