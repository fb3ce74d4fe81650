import type { Json } from './json.ts';
import { BOT, BOT_USER, type Channel, type Human, type Message, TEAM, type World } from './world.ts';

/** What the methods of the Web API stand on, and how they answer. */

export interface Service {
  readonly world: World;
  readonly triggerLife: number;
  /** Tells the bot of something that happened. */
  tell(event: Json): void;
  /** Tells the bot of what it did itself, as the service does where it is subscribed to messages. */
  echo(event: Json): void;
}
export type Method = (args: Json, service: Service) => Json;

export const refuse = (error: string, more: Json = {}): Json => ({ ok: false, error, ...more });

/** A refusal that lists what is wrong with each part. */
export const refuseParts = (error: string, problems: readonly string[]): Json =>
  refuse(error, { errors: problems, response_metadata: { messages: problems } });

/** A message as the Web API and the events carry it. */
export function messageJson(world: World, message: Message, metadata = false): Json {
  const replies = repliesTo(world, message);
  const edited = message.edits.at(-1)?.at;
  return {
    type: 'message',
    user: message.user,
    ...(message.botId === undefined ? {} : botFields(message.botId)),
    ts: message.ts,
    text: message.text,
    team: world.people.get(message.user)?.team ?? TEAM,
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.thread === undefined ? {} : { thread_ts: message.thread }),
    ...(replies.length > 0
      ? { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts }
      : {}),
    ...(edited === undefined
      ? {}
      : { edited: { user: message.botId ?? message.user, ts: (edited / 1000).toFixed(6) } }),
    ...(metadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}

const botFields = (bot: string): Json => ({
  bot_id: bot,
  app_id: bot === BOT ? 'A0BATON' : 'A0OTHER',
  bot_profile: { id: bot, app_id: bot === BOT ? 'A0BATON' : 'A0OTHER', name: 'bot', deleted: false, team_id: TEAM },
});

export const repliesTo = (world: World, message: Message): readonly Message[] =>
  (world.channels.get(message.channel)?.threads.get(message.ts) ?? []).filter(
    (each) => each.only === undefined && !each.deleted,
  );

export const kindOf = (channel: Channel): 'im' | 'group' | 'channel' =>
  channel.im !== undefined ? 'im' : channel.private ? 'group' : 'channel';

/** A conversation that the bot may know of: a private one only where it is a member. */
export function visible(world: World, id: string): Channel | undefined {
  const channel = world.channels.get(id);
  return channel?.private && !channel.members.has(BOT_USER) ? undefined : channel;
}

export function channelJson(world: World, channel: Channel): Json {
  const human = channel.im === undefined ? undefined : world.people.get(channel.im);
  return {
    id: channel.id,
    ...(channel.im === undefined
      ? { name: channel.name }
      : { user: channel.im, is_user_deleted: human?.deleted ?? false }),
    is_channel: kindOf(channel) === 'channel',
    is_group: kindOf(channel) === 'group',
    is_im: kindOf(channel) === 'im',
    is_private: channel.private || channel.im !== undefined,
    is_archived: channel.archived,
    is_member: channel.members.has(BOT_USER),
    is_ext_shared: [...channel.members].some((id) => (world.people.get(id)?.team ?? TEAM) !== TEAM),
    context_team_id: TEAM,
  };
}

export const humanJson = (human: Human): Json => ({
  id: human.id,
  team_id: human.team,
  name: human.name,
  deleted: human.deleted,
  real_name: human.name,
  profile: { real_name: human.name, display_name: human.name, team: human.team },
  is_bot: human.bot,
  is_restricted: human.guest,
  is_ultra_restricted: false,
  is_stranger: human.team !== TEAM,
  updated: 0,
});
