import type { Delivery } from './delivery.ts';
import { createTrigger, type Desk, failureOf } from './desk.ts';
import { createInteractions, type Interactions, type Outcome } from './interactions.ts';
import { type Json, object } from './json.ts';
import { changedEvent, deletedEvent } from './methods-chat.ts';
import { isMessage } from './response-urls.ts';
import { humanJson, kindOf, messageJson } from './service.ts';
import { typed } from './typed.ts';
import { APP, BOT_USER, type Channel, type Human, type Message, TEAM } from './world.ts';

/** A person at their client. */

export interface Person extends Interactions {
  readonly id: string;
  readonly name: string;
  /** The private conversation with the bot. */
  readonly direct: string;
  /** Types a command and sees what becomes of it. */
  command(channel: string, command: string, text: string): Promise<Outcome>;
  /** Writes into a channel; `raw` is taken as it is, without what a client marks. */
  say(channel: string, text: string, options?: { readonly thread?: string; readonly raw?: boolean }): Message;
  /** Writes to the bot in private. */
  dm(text: string, options?: { readonly thread?: string; readonly raw?: boolean }): Message;
  edit(message: Message, text: string): void;
  remove(message: Message): void;
  openHome(): Delivery;
  /** Adds somebody to a channel: the bot, say. */
  invite(channel: string, user: string): void;
  /** Leaves the company: the account is deactivated. */
  leave(): void;
  /** What is shown to this person now: everything of the channel that is not for somebody else alone. */
  sees(channel: string): readonly Message[];
}

export function createPerson(desk: Desk, human: Human): Person {
  const { service, courier, urls } = desk;
  const { world } = service;

  const channelOf = (id: string): Channel => {
    const channel = world.channels.get(id);
    if (human.deleted) throw new Error(`${human.name} is deactivated and can do nothing`);
    if (channel === undefined || !channel.members.has(human.id)) throw new Error(`${human.name} is not in ${id}`);
    return channel;
  };

  const say: Person['say'] = (id, text, options = {}) => {
    const channel = channelOf(id);
    const words = options.raw === true ? text : typed(world, text);
    const message = world.put({ channel: id, user: human.id, thread: options.thread, text: words });
    if (!channel.members.has(BOT_USER)) return message;
    const json = { ...messageJson(world, message), ...outside(human), client_msg_id: world.id('client') };
    const event = { ...json, channel: id, channel_type: kindOf(channel), event_ts: message.ts };
    service.tell({ ...event, type: 'message' });
    // A mention comes twice, as two events: as a message of the channel, and as a mention.
    if (channel.im === undefined && words.includes(`<@${BOT_USER}`)) {
      const { channel_type: _, ...mention } = event;
      service.tell({ ...mention, type: 'app_mention' });
    }
    return message;
  };

  const command: Person['command'] = async (id, name, text) => {
    const channel = channelOf(id);
    if (!desk.commands.includes(name) || human.team !== TEAM) return { error: 'unknown_command' };
    const trigger = createTrigger(service, human.id);
    const body = commandBody(desk, human, channel, { name, text: typed(world, text, true), trigger });
    const attempt = await desk.ask('slash_commands', trigger, body);
    if (!attempt.acked) return { error: failureOf(attempt.reason) };
    if (attempt.payload === undefined) return {};
    const shown = urls.show(attempt.payload, { channel: id, user: human.id, message: undefined });
    return isMessage(shown) ? { message: shown } : { error: String(shown.error) };
  };

  return {
    ...createInteractions(desk, human),
    id: human.id,
    name: human.name,
    direct: world.direct(human.id).id,
    command,
    say,
    dm: (text, options) => say(world.direct(human.id).id, text, options),
    edit: (message, text) => {
      const channel = channelOf(message.channel);
      const before = messageJson(world, message);
      world.change(message, { text: typed(world, text), blocks: [] });
      service.tell(changedEvent(world, channel, messageJson(world, message), before));
    },
    remove: (message) => {
      message.deleted = true;
      world.changed();
      service.tell(deletedEvent(service, channelOf(message.channel), message));
    },
    openHome: () => {
      const view = world.homes.get(human.id);
      return courier.event({
        type: 'app_home_opened',
        user: human.id,
        channel: world.direct(human.id).id,
        tab: 'home',
        ...(view === undefined ? {} : { view: { id: view.id, hash: view.hash, ...object(view.content) } }),
        event_ts: world.ts(),
      });
    },
    invite: (id, user) => {
      const channel = channelOf(id);
      channel.members.add(user);
      world.changed();
      if (!channel.members.has(BOT_USER)) return;
      const type = channel.private ? 'G' : 'C';
      const joined = {
        type: 'member_joined_channel',
        user,
        channel: id,
        channel_type: type,
        team: TEAM,
        inviter: human.id,
      };
      service.tell({ ...joined, event_ts: world.ts() });
    },
    leave: () => {
      human.deleted = true;
      for (const channel of world.channels.values()) if (channel.im === undefined) channel.members.delete(human.id);
      service.tell({ type: 'user_change', user: humanJson(human), event_ts: world.ts() });
    },
    sees: (id) => channelOf(id).messages.filter((each) => !each.deleted && (each.only ?? human.id) === human.id),
  };
}

/** What an event says of somebody from another workspace. */
const outside = (human: Human): Json => (human.team === TEAM ? {} : { user_team: human.team, source_team: human.team });

function commandBody(
  desk: Desk,
  human: Human,
  channel: Channel,
  { name, text, trigger }: { readonly name: string; readonly text: string; readonly trigger: string },
): Json {
  return {
    token: 'verification',
    team_id: TEAM,
    team_domain: 'baton',
    channel_id: channel.id,
    channel_name: channel.im !== undefined ? 'directmessage' : channel.private ? 'privategroup' : channel.name,
    user_id: human.id,
    user_name: human.name,
    command: name,
    text,
    api_app_id: APP,
    is_enterprise_install: 'false',
    response_url: `${desk.origin}${desk.urls.create(channel.id, human.id, undefined)}`,
    trigger_id: trigger,
  };
}
