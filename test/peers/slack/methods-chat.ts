import { checkBlocks, nameParts, tooLong } from './block-kit.ts';
import { isJson, type Json, nested, objects, string, truth } from './json.ts';
import { kindOf, type Method, messageJson, refuse, refuseParts, type Service, visible } from './service.ts';
import { BOT, BOT_USER, type Channel, type Message, type World } from './world.ts';

/** The methods that write, change and delete messages. */

interface Content {
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly metadata: Json | undefined;
}

/** The content of a message, or the refusal of it. */
export function contentOf(args: Json, world: World, most: number): Content | { readonly refusal: Json } {
  const text = string(args.text);
  const given = args.blocks === undefined || args.blocks === '' ? [] : nested(args.blocks);
  if (!Array.isArray(given)) return { refusal: refuse('invalid_blocks_format') };
  const problems = checkBlocks(given);
  if (problems.length > 0) return { refusal: refuseParts('invalid_blocks', problems) };
  const blocks = objects(given);
  if (text === '' && blocks.length === 0 && args.attachments === undefined) return { refusal: refuse('no_text') };
  if (text.length > most) return { refusal: refuse('msg_too_long') };
  if (tooLong(blocks)) return { refusal: refuse('msg_blocks_too_long') };
  const metadata = args.metadata === undefined ? undefined : nested(args.metadata);
  const proper = isJson(metadata) && string(metadata.event_type) !== '' && isJson(metadata.event_payload);
  if (metadata !== undefined && !proper) return { refusal: refuse('invalid_metadata_format') };
  if (blocks.length > 0 && text === '') world.oddities.push('a message with blocks has no text for notifications');
  return { text, blocks: nameParts(blocks, () => world.id('x')), metadata: isJson(metadata) ? metadata : undefined };
}

/** The conversation to write into, opened where it is a person's. */
function target(id: string, world: World): Channel | { readonly refusal: Json } {
  const human = world.people.get(id);
  if (human !== undefined) {
    if (human.bot) return { refusal: refuse('cannot_dm_bot') };
    return human.deleted ? { refusal: refuse('channel_not_found') } : world.direct(id);
  }
  const channel = visible(world, id);
  if (channel === undefined) return { refusal: refuse('channel_not_found') };
  if (!channel.members.has(BOT_USER)) return { refusal: refuse('not_in_channel') };
  if (channel.archived) return { refusal: refuse('is_archived') };
  const partner = channel.im === undefined ? undefined : world.people.get(channel.im);
  return partner?.deleted === true ? { refusal: refuse('channel_not_found') } : channel;
}

const MOST_POSTED = 40_000;
const MOST_UPDATED = 4000;

const postMessage: Method = (args, service) => {
  const { world } = service;
  const channel = target(string(args.channel), world);
  if ('refusal' in channel) return channel.refusal;
  const content = contentOf(args, world, MOST_POSTED);
  if ('refusal' in content) return content.refusal;
  const thread = threadOf(args, channel);
  if (thread === null) return refuse('cannot_reply_to_message');
  const message = world.put({
    ...content,
    channel: channel.id,
    user: BOT_USER,
    botId: BOT,
    thread,
    parse: args.parse === undefined ? undefined : string(args.parse),
    linkNames: truth(args.link_names),
  });
  const json = messageJson(world, message);
  service.echo({ ...json, channel: channel.id, channel_type: kindOf(channel), event_ts: message.ts });
  return { ok: true, channel: channel.id, ts: message.ts, message: json };
};

/** The thread's first message, undefined outside of one, null where there is no such message. */
function threadOf(args: Json, channel: Channel): string | undefined | null {
  const asked = string(args.thread_ts);
  if (asked === '') return undefined;
  const first = channel.byTs.get(asked);
  if (first === undefined || first.deleted || first.only !== undefined) return null;
  return first.thread ?? first.ts;
}

/** A message of the bot's own that is still there. */
function own(args: Json, world: World, error: string): { channel: Channel; message: Message } | { refusal: Json } {
  const channel = visible(world, string(args.channel));
  if (channel === undefined) return { refusal: refuse('channel_not_found') };
  const message = channel.byTs.get(string(args.ts));
  if (message === undefined || message.deleted || message.only !== undefined)
    return { refusal: refuse('message_not_found') };
  if (message.botId !== BOT) return { refusal: refuse(error) };
  return channel.archived ? { refusal: refuse('is_archived') } : { channel, message };
}

const update: Method = (args, service) => {
  const { world } = service;
  const found = own(args, world, 'cant_update_message');
  if ('refusal' in found) return found.refusal;
  const kept = args.blocks === undefined ? { ...args, blocks: found.message.blocks } : args;
  const content = contentOf(kept, world, MOST_UPDATED);
  if ('refusal' in content) return content.refusal;
  const { channel, message } = found;
  const before = messageJson(world, message);
  world.change(message, content);
  // Unlike a new message a changed one is taken as if a person had typed it, unless it says otherwise.
  message.parse = args.parse === undefined ? 'client' : string(args.parse);
  message.linkNames = truth(args.link_names);
  const after = messageJson(world, message);
  service.echo(changedEvent(world, channel, after, before));
  return { ok: true, channel: channel.id, ts: message.ts, text: message.text, message: after };
};

/** The event that says that a message shows something else. */
export const changedEvent = (world: World, channel: Channel, after: Json, before: Json): Json => {
  const ts = world.ts();
  return {
    type: 'message',
    subtype: 'message_changed',
    message: after,
    previous_message: before,
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: kindOf(channel),
  };
};

const postEphemeral: Method = (args, { world }) => {
  const channel = target(string(args.channel), world);
  if ('refusal' in channel) return channel.refusal;
  const user = string(args.user);
  if (!world.people.has(user)) return refuse('user_not_found');
  if (!channel.members.has(user)) return refuse('user_not_in_channel');
  const content = contentOf(args, world, MOST_POSTED);
  if ('refusal' in content) return content.refusal;
  const thread = threadOf(args, channel);
  const message = world.put({
    ...content,
    channel: channel.id,
    user: BOT_USER,
    botId: BOT,
    only: user,
    thread: thread ?? undefined,
  });
  return { ok: true, message_ts: message.ts };
};

const remove: Method = (args, service) => {
  const found = own(args, service.world, 'cant_delete_message');
  if ('refusal' in found) return found.refusal;
  found.message.deleted = true;
  service.world.changed();
  service.echo(deletedEvent(service, found.channel, found.message));
  return { ok: true, channel: found.channel.id, ts: found.message.ts };
};

export const deletedEvent = ({ world }: Service, channel: Channel, message: Message): Json => {
  const ts = world.ts();
  return {
    type: 'message',
    subtype: 'message_deleted',
    deleted_ts: message.ts,
    previous_message: messageJson(world, message),
    channel: channel.id,
    hidden: true,
    ts,
    event_ts: ts,
    channel_type: kindOf(channel),
  };
};

const getPermalink: Method = (args, { world }) => {
  const channel = visible(world, string(args.channel));
  if (channel === undefined) return refuse('channel_not_found');
  const ts = string(args.message_ts);
  if (!channel.byTs.has(ts)) return refuse('message_not_found');
  return {
    ok: true,
    channel: channel.id,
    permalink: `https://baton.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`,
  };
};

/** Any member may, whosever message it is. */
const pin =
  (yes: boolean): Method =>
  (args, { world }) => {
    const channel = visible(world, string(args.channel));
    if (channel === undefined) return refuse('channel_not_found');
    if (!channel.members.has(BOT_USER) && channel.im === undefined) return refuse('not_in_channel');
    const message = channel.byTs.get(string(args.timestamp));
    if (message === undefined || message.deleted || message.only !== undefined) return refuse('message_not_found');
    if (message.pinned === yes) return refuse(yes ? 'already_pinned' : 'no_pin');
    message.pinned = yes;
    world.changed();
    return { ok: true };
  };

export const chatMethods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.postEphemeral': postEphemeral,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
  'pins.add': pin(true),
  'pins.remove': pin(false),
};
