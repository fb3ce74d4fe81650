import { type Json, string, truth } from './json.ts';
import { channelJson, humanJson, kindOf, type Method, messageJson, refuse, repliesTo, visible } from './service.ts';
import { APP, BOT, BOT_USER, type Channel, type Message, TEAM, type World } from './world.ts';

/** The methods that look: conversations, people, the bot itself. */

const open: Method = (args, { world }) => {
  const asked = string(args.users)
    .split(',')
    .filter((id) => id !== '');
  const [id = '', second] = asked;
  if (id === '') return refuse('users_list_not_supplied');
  if (second !== undefined) return refuse('not_enough_users');
  const human = world.people.get(id);
  if (human === undefined) return refuse('user_not_found');
  if (human.bot) return refuse('cannot_dm_bot');
  if (human.deleted) return refuse('user_disabled');
  const known = world.channels.has(`D${id.slice(1)}`);
  const channel = world.direct(id);
  return {
    ok: true,
    no_op: known,
    already_open: known,
    channel: truth(args.return_im) ? channelJson(world, channel) : { id: channel.id },
  };
};

const within =
  (found: (args: Json, channel: Channel, world: World) => Json): Method =>
  (args, { world }) => {
    const channel = visible(world, string(args.channel));
    return channel === undefined ? refuse('channel_not_found') : found(args, channel, world);
  };

const info = within((args, channel, world) => ({
  ok: true,
  channel: {
    ...channelJson(world, channel),
    ...(truth(args.include_num_members) ? { num_members: channel.members.size } : {}),
  },
}));

const members = within((args, channel) => {
  const { page, next } = pageOf([...channel.members], args, 100);
  return { ok: true, members: page, response_metadata: { next_cursor: next } };
});

/** A page, and the cursor of the next one: empty where there is none. */
function pageOf<T>(all: readonly T[], args: Json, usual: number): { page: readonly T[]; next: string } {
  const limit = Math.min(Math.max(Number(args.limit ?? usual) || usual, 1), 999);
  const from = Number(Buffer.from(string(args.cursor), 'base64').toString().replace('next:', '')) || 0;
  const end = from + limit;
  return { page: all.slice(from, end), next: end < all.length ? Buffer.from(`next:${end}`).toString('base64') : '' };
}

/** Within the two ends; they count only where `inclusive` says so. */
function inSpan(args: Json): (message: Message) => boolean {
  const oldest = Number(args.oldest ?? 0);
  const latest = Number(args.latest ?? Number.POSITIVE_INFINITY);
  const both = truth(args.inclusive);
  return ({ ts }) => {
    const at = Number(ts);
    return both ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

function listing(messages: readonly Message[], args: Json, world: World): Json {
  const { page, next } = pageOf(messages, args, 100);
  const withMetadata = truth(args.include_all_metadata);
  return {
    ok: true,
    messages: page.map((message) => messageJson(world, message, withMetadata)),
    has_more: next !== '',
    ...(next === '' ? {} : { response_metadata: { next_cursor: next } }),
  };
}

const lasting = (message: Message): boolean => !message.deleted && message.only === undefined;

const history = within((args, channel, world) => {
  if (!channel.members.has(BOT_USER)) return refuse('not_in_channel');
  const found = channel.messages.filter((each) => lasting(each) && each.thread === undefined).filter(inSpan(args));
  return listing(found.toReversed(), args, world);
});

const replies = within((args, channel, world) => {
  if (!channel.members.has(BOT_USER)) return refuse('not_in_channel');
  const first = channel.byTs.get(string(args.ts));
  if (first === undefined || !lasting(first)) return refuse('thread_not_found');
  // The first message is always there, whatever span was asked for.
  return listing([first, ...repliesTo(world, first).filter(inSpan(args))], args, world);
});

const listAll: Method = (args, { world }) => {
  const types = (string(args.types) || 'public_channel').split(',');
  const named = { channel: 'public_channel', group: 'private_channel', im: 'im' };
  const all = [...world.channels.values()]
    .filter((channel) => visible(world, channel.id) !== undefined && types.includes(named[kindOf(channel)]))
    .filter((channel) => !(truth(args.exclude_archived) && channel.archived));
  const { page, next } = pageOf(all, args, 100);
  return { ok: true, channels: page.map((each) => channelJson(world, each)), response_metadata: { next_cursor: next } };
};

const invite: Method = (args, service) => {
  const { world } = service;
  const channel = visible(world, string(args.channel));
  if (channel === undefined) return refuse('channel_not_found');
  if (!channel.members.has(BOT_USER)) return refuse('not_in_channel');
  if (channel.archived) return refuse('is_archived');
  for (const id of string(args.users).split(',')) {
    const human = world.people.get(id);
    if (human === undefined) return refuse('user_not_found');
    if (id === BOT_USER) return refuse('cant_invite_self');
    if (human.deleted) return refuse('cant_invite');
    if (channel.members.has(id)) return refuse('already_in_channel');
    channel.members.add(id);
    service.tell({
      type: 'member_joined_channel',
      user: id,
      channel: channel.id,
      channel_type: channel.private ? 'G' : 'C',
      team: TEAM,
      inviter: BOT_USER,
      event_ts: world.ts(),
    });
  }
  world.changed();
  return { ok: true, channel: channelJson(world, channel) };
};

const join: Method = (args, { world }) => {
  const channel = visible(world, string(args.channel));
  if (channel === undefined) return refuse('channel_not_found');
  if (channel.private || channel.im !== undefined) return refuse('method_not_supported_for_channel_type');
  channel.members.add(BOT_USER);
  world.changed();
  return { ok: true, channel: channelJson(world, channel) };
};

const user: Method = (args, { world }) => {
  const human = world.people.get(string(args.user));
  return human === undefined ? refuse('user_not_found') : { ok: true, user: humanJson(human) };
};

export const lookingMethods: Readonly<Record<string, Method>> = {
  'auth.test': () => ({
    ok: true,
    url: 'https://baton.slack.com/',
    team: 'Baton',
    user: 'baton',
    team_id: TEAM,
    user_id: BOT_USER,
    bot_id: BOT,
    is_enterprise_install: false,
  }),
  'conversations.open': open,
  'conversations.info': info,
  'conversations.members': members,
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.list': listAll,
  'conversations.invite': invite,
  'conversations.join': join,
  'users.info': user,
  'users.list': (args, { world }) => {
    const { page, next } = pageOf([...world.people.values()], args, 100);
    return { ok: true, members: page.map(humanJson), response_metadata: { next_cursor: next } };
  },
  'team.info': () => ({ ok: true, team: { id: TEAM, name: 'Baton', domain: 'baton' } }),
  'bots.info': (args) =>
    string(args.bot) === BOT
      ? { ok: true, bot: { id: BOT, deleted: false, name: 'baton', app_id: APP, user_id: BOT_USER } }
      : refuse('bot_not_found'),
};
