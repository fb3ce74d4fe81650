import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createCourier, type Delivery } from './delivery.ts';
import { createFaults, type Fault } from './faults.ts';
import { type Json, objects, string } from './json.ts';
import { buttonsOf, type Effects, effectsOf, wordsOf } from './notify.ts';
import { createPerson, type Person } from './person.ts';
import type { Breach, Limits } from './rates.ts';
import { createResponseUrls } from './response-urls.ts';
import type { Service } from './service.ts';
import { createSignedHttp, type Forgery } from './signed-http.ts';
import { createSockets, type Sockets } from './socket-mode.ts';
import type { Attempt } from './ways.ts';
import { ALL_SCOPES, type Call, createWebApi } from './web-api.ts';
import { BOT_USER, type Channel, createWorld, type Message, TEAM, type View, type World } from './world.ts';

/** A Slack workspace on loopback. `assumptions.ts` says what it takes for granted about the real one. */

export interface SlackPeerOptions {
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly scopes?: readonly string[];
  /** The commands of the app's manifest. */
  readonly commands?: readonly string[];
  /** The events that the app is subscribed to. */
  readonly events?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Milliseconds within which an acknowledgement must come. */
  readonly patience?: number;
  /** Milliseconds for which a trigger is good. */
  readonly triggerLife?: number;
  /** What a minute between two tries of an event is multiplied with. */
  readonly retryScale?: number;
  readonly now?: () => number;
}
export interface SlackPeer {
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly botUserId: string;
  /** Every call that came, the answers to interactions among them (`response_url`). */
  readonly calls: readonly Call[];
  readonly breaches: readonly Breach[];
  readonly oddities: readonly string[];
  readonly deliveries: readonly Delivery[];
  readonly sockets: Pick<Sockets, 'connections' | 'refresh' | 'drop' | 'raw'>;
  user(person: UserOptions): Person;
  channel(channel: ChannelOptions): Channel;
  /** Somebody else's bot writes. */
  otherApp(channel: string, text: string): Message;
  /** Tells the bot of any event. */
  event(event: Json): Delivery;
  redeliver(delivery: Delivery): Promise<Attempt>;
  /** From now on the bot is spoken to at this address, once it has repeated the challenge; undefined: over its socket. */
  deliverTo(url: string | undefined, options?: { readonly verify?: boolean }): Promise<void>;
  forge(forgery: Forgery): Promise<number>;
  fault(method: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  revoke(error: string | undefined): void;
  away(gone: boolean): Promise<void>;
  /** What is in a channel now, in order; ephemeral messages too. */
  messages(channel: string): readonly Message[];
  home(user: string): View | undefined;
  /** The form in front of a person. */
  view(user: string): View | undefined;
  effects(message: Message): Effects;
  notified(message: Message): readonly string[];
  /** The words that a person reads, without markup. */
  words(message: Message): string;
  /** The labels of the buttons on a message or a view, in order. */
  buttons(on: Message | View): readonly string[];
  edits(message: Message): number;
  /** Resolves once this finds something; looks anew at every change. */
  waitFor<T>(find: () => T | undefined | false, within?: number): Promise<T>;
  stop(): Promise<void>;
}
interface UserOptions {
  readonly id: string;
  readonly name: string;
  readonly team?: string;
  readonly guest?: boolean;
  readonly deleted?: boolean;
  readonly bot?: boolean;
}
interface ChannelOptions {
  readonly id: string;
  readonly name: string;
  readonly private?: boolean;
  /** Ids of people; the bot is a member unless `withBot` is false. */
  readonly members?: readonly string[];
  readonly withBot?: boolean;
  readonly archived?: boolean;
}

const EVENTS = [
  'message.channels',
  'message.groups',
  'message.im',
  'app_mention',
  'app_home_opened',
  'member_joined_channel',
  'member_left_channel',
  'channel_rename',
  'team_join',
  'user_change',
];

/** The name under which an app subscribes to an event. */
function subscription(event: Json): string {
  if (event.type !== 'message') return string(event.type);
  const kind = string(event.channel_type);
  return `message.${kind === 'im' ? 'im' : `${kind}s`}`;
}

/** Opens a workspace with nobody in it but the bot. */
export async function createSlackPeer(options: SlackPeerOptions = {}): Promise<SlackPeer> {
  const world = createWorld(options.now ?? Date.now);
  world.people.set(BOT_USER, { id: BOT_USER, name: 'baton', team: TEAM, guest: false, deleted: false, bot: true });
  const access = {
    botToken: options.botToken ?? 'xoxb-1-bot-peer',
    appToken: options.appToken ?? 'xapp-1-A0BATON-peer',
    signingSecret: options.signingSecret ?? '8f742231b10e8888abcd99yyyzzz85a5',
  };
  const patience = options.patience ?? 3000;
  const sockets = createSockets(world, patience);
  const http = createSignedHttp(world, access.signingSecret, patience);
  const courier = createCourier(world, () => (http.url === undefined ? sockets : http), options.retryScale ?? 1);
  const subscribed = new Set(options.events ?? EVENTS);
  const tell = (event: Json) => void (subscribed.has(subscription(event)) && courier.event(event));
  const service: Service = { world, triggerLife: options.triggerLife ?? 3000, tell, echo: tell };
  const faults = createFaults();
  const limits = { enforce: false, burst: 4, ...options.limits };
  let origin = '';
  const link = () => `${origin.replace('http', 'ws')}/link/?ticket=${sockets.ticket()}&app_id=A0BATON`;
  const scopes = options.scopes ?? ALL_SCOPES;
  const api = createWebApi(service, { ...access, scopes, link }, faults, limits);
  const urls = createResponseUrls(world, faults, api.calls);
  const server = createServer((request, response) => {
    response.on('error', () => response.destroy());
    const path = new URL(request.url ?? '/', 'http://peer').pathname;
    const [, area = '', name = ''] = path.split('/');
    if (request.method === 'POST' && area === 'api')
      void api.handle(name, request, response).catch(() => response.destroy());
    else if (request.method === 'POST' && area === 'commands')
      void urls.handle(name, request, response).catch(() => response.destroy());
    else response.writeHead(404).end();
  });
  server.on('upgrade', sockets.upgrade);
  const door = createDoor(server, sockets);
  origin = `http://127.0.0.1:${await door.open(0)}`;
  const desk = { service, courier, urls, origin, commands: options.commands ?? ['/baton'], ask: courier.ask };
  return {
    ...access,
    apiUrl: `${origin}/api/`,
    teamId: TEAM,
    botUserId: BOT_USER,
    calls: api.calls,
    breaches: api.breaches,
    oddities: world.oddities,
    deliveries: courier.deliveries,
    sockets,
    ...population(world, service, (human) => createPerson(desk, human)),
    event: courier.event,
    redeliver: courier.again,
    deliverTo: async (url, { verify = true } = {}) => {
      http.url = url;
      if (url !== undefined && verify && !(await http.verify())) throw new Error(`${url} did not repeat the challenge`);
    },
    forge: http.forge,
    fault: (method, fault, times = 1) => faults.add(method, fault, times),
    clearFaults: faults.clear,
    revoke: api.revoke,
    away: door.away,
    messages: (channel) => (world.channels.get(channel)?.messages ?? []).filter((each) => !each.deleted),
    home: (user) => world.homes.get(user),
    view: (user) => world.modals.get(user)?.at(-1),
    effects: effectsOf,
    notified: (message) => effectsOf(message).notified,
    words: wordsOf,
    buttons: (on) => buttonsOf('content' in on ? objects(on.content.blocks) : on.blocks),
    edits: (message) => message.edits.length,
    waitFor: createWaiting(world),
    stop: async () => {
      courier.stop();
      await door.away(true);
      sockets.close();
    },
  };
}

/** The peer's port: it may be shut and opened again. */
function createDoor(server: ReturnType<typeof createServer>, sockets: Sockets) {
  const open = new Set<Socket>();
  let port = 0;
  let gone = true;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  const openAt = async (wanted: number): Promise<number> => {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    gone = false;
    port = (server.address() as AddressInfo).port;
    return port;
  };
  return {
    open: openAt,
    away: async (leave: boolean): Promise<void> => {
      if (leave === gone) return;
      if (!leave) return void (await openAt(port));
      gone = true;
      const closed = once(server, 'close');
      server.close();
      sockets.drop();
      for (const socket of open) socket.resetAndDestroy();
      await closed;
    },
  };
}

function population(world: World, service: Service, make: (human: Parameters<typeof createPerson>[1]) => Person) {
  return {
    user: ({ id, name, team = TEAM, guest = false, deleted = false, bot = false }: UserOptions): Person => {
      const human = { id, name, team, guest, deleted, bot };
      world.people.set(id, human);
      return make(human);
    },
    channel: ({
      id,
      name,
      private: closed = false,
      members = [],
      withBot = true,
      archived = false,
    }: ChannelOptions) => {
      const all = withBot ? [...members, BOT_USER] : members;
      const channel = world.addChannel({ id, name, private: closed, members: all });
      channel.archived = archived;
      return channel;
    },
    otherApp: (channel: string, text: string): Message => {
      const message = world.put({ channel, user: 'U0OTHERBOT', botId: 'B0OTHER', text });
      const kind = world.channels.get(channel)?.private === true ? 'group' : 'channel';
      const event = {
        type: 'message',
        subtype: 'bot_message',
        text,
        ts: message.ts,
        bot_id: 'B0OTHER',
        app_id: 'A0OTHER',
      };
      service.tell({ ...event, channel, channel_type: kind, event_ts: message.ts });
      return message;
    },
  };
}

function createWaiting(world: World): SlackPeer['waitFor'] {
  return <T>(find: () => T | undefined | false, within = 10_000): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const look = (): void => {
      try {
        const found = find();
        if (found === undefined || found === false) return;
        resolve(found);
      } catch (error) {
        reject(error);
      }
      world.changes.off('change', look);
      clearTimeout(timer);
    };
    const timer = setTimeout(() => {
      world.changes.off('change', look);
      reject(new Error(`nothing was found within ${within} ms: ${find}`));
    }, within);
    world.changes.on('change', look);
    look();
    return promise;
  };
}
