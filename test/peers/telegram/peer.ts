import type { Message, Update, User } from 'grammy/types';
import type { Params } from './arguments.ts';
import type { Rights } from './membership.ts';
import { BOT_METHODS } from './methods-bot.ts';
import { MESSAGE_METHODS } from './methods-messages.ts';
import { ROOM_METHODS } from './methods-rooms.ts';
import { notifiedBy } from './notified.ts';
import { createPerson, roomOf } from './people.ts';
import { createQueue, type Kind } from './queue.ts';
import { createLimiter, USUAL } from './rates.ts';
import { createRooms } from './rooms.ts';
import { createPeerServer } from './server.ts';
import type {
  Breach,
  Call,
  Fault,
  MessageRef,
  Notified,
  Options,
  Person,
  Place,
  QueryAnswer,
  RoomSettings,
  Shown,
  Version,
} from './types.ts';
import { createWaiting } from './waiting.ts';
import { findKept, toShown, type World } from './world.ts';

/** A Bot API server of our own, for tests: strict, on loopback, driven and watched by whoever made it. */
export interface TelegramPeer {
  /** What the client gets as `apiRoot`. */
  readonly root: string;
  readonly token: string;
  readonly bot: User;
  user(settings: { readonly id: number; readonly first_name: string; readonly username?: string }): Person;
  group(settings: RoomSettings): Place;
  supergroup(settings: RoomSettings & { readonly topics?: readonly string[] }): Place;
  channel(settings: RoomSettings): Place;
  /** The group becomes a supergroup; resolves to that one. */
  migrate(place: Place): Place;
  /** Adds the bot, or makes it an administrator where it is in already. */
  addBot(place: Place, by: Person, options?: { readonly admin?: boolean | Rights }): Update;
  /** Throws the bot out. */
  removeBot(place: Place, by: Person): Update;
  /** Somebody is added, or thrown out. */
  add(place: Place, person: Person, by?: Person): void;
  remove(place: Place, person: Person, by: Person): void;
  /** Another bot writes: it is the one then that commands without a name go to. */
  otherBot(place: Place, username: string, text: string): Message;

  readonly calls: readonly Call[];
  /** Calls of one method. */
  callsOf(method: string): readonly Call[];
  /** All messages of a chat as they are shown now, the oldest first, also those that are deleted. */
  messages(place: Pick<Place, 'id'>): readonly Shown[];
  /** What the bot wrote there and what is still to be seen. */
  fromBot(place: Pick<Place, 'id'>): readonly Shown[];
  /** A message as it is shown now. */
  shown(ref: MessageRef): Shown;
  /** Every version of a message, the first included. */
  edits(ref: MessageRef): readonly Version[];
  answersTo(query: Update | string): readonly QueryAnswer[];
  notified(ref: MessageRef): Notified;
  readonly breaches: readonly Breach[];
  /** The menu that a scope has: `default`, `chat:<id>`, `chat_member:<id>:<user>`. */
  menu(scope?: string): readonly { readonly command: string; readonly description: string }[];
  /** Resolves to what the function finds, as soon as it finds something; looks again after everything that happens. */
  waitFor<T>(look: () => T | undefined | null | false, patience?: number): Promise<T>;

  readonly updates: readonly Update[];
  /** Made and not confirmed. */
  pending(): readonly Update[];
  /** The update that carried a message. */
  updateOf(ref: MessageRef): Update | undefined;
  /** Hands in any update of one's own making. */
  push<K extends Kind>(kind: K, value: NonNullable<Update[K]>): Update | undefined;
  redeliver(updateId: number): void;
  hold(): void;
  release(order?: (updates: readonly Update[]) => readonly Update[]): void;
  jump(updateId: number): void;
  readonly deliveries: readonly { readonly updateId: number; readonly at: number; readonly status: number }[];

  /** The next `times` calls of a method, or of any (`*`: polls too), fail in this way. */
  fault(method: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  away(gone: boolean): Promise<void>;
  limit(enforced: boolean): void;
  /** Privacy mode; the real service wants the bot to be added anew before a change counts. */
  privacy(on: boolean): void;
  /** How long a button that was pressed may be answered: 0 and every answer is too late. */
  queryLife(milliseconds: number): void;
  ephemeral(mode: World['ephemeral']): void;
  /** Forgets the calls and breaches so far. */
  forget(): void;
  close(): Promise<void>;
}

const METHODS: Readonly<Record<string, (world: World, params: Params) => unknown>> = {
  ...BOT_METHODS,
  ...MESSAGE_METHODS,
  ...ROOM_METHODS,
};
/** The real service does not mind how a method's name is written. */
const NAMES = new Map(['getUpdates', ...Object.keys(METHODS)].map((name) => [name.toLowerCase(), name]));

/** Starts a peer on a free port. */
export async function createTelegramPeer(options: Options = {}): Promise<TelegramPeer> {
  const waiting = createWaiting();
  const world = createWorld(options, waiting.changed);
  const limiter = createLimiter(
    { now: world.now, rates: { ...USUAL, ...options.rates }, breaches: world.breaches },
    options.limited ?? false,
  );
  const playing: World = { ...world, pace: limiter.count };
  const server = await createPeerServer({
    token: playing.token,
    calls: playing.calls,
    now: playing.now,
    changed: playing.changed,
    has: (method) => NAMES.has(method.toLowerCase()),
    run: (method, params, signal) => {
      const name = NAMES.get(method.toLowerCase()) ?? '';
      return name === 'getUpdates' ? playing.queue.poll(params, signal) : METHODS[name]?.(playing, params);
    },
  });
  const { queue } = playing;
  return {
    root: server.root,
    token: playing.token,
    bot: playing.bot,
    user: (settings) => createPerson(playing, { is_bot: false, ...settings }),
    ...createRooms(playing),
    ...looks(playing),
    waitFor: waiting.waitFor,
    updates: queue.made,
    pending: queue.pending,
    push: queue.push,
    redeliver: queue.redeliver,
    hold: queue.hold,
    release: queue.release,
    jump: queue.jump,
    deliveries: queue.webhook.deliveries,
    fault: (method, fault, times = 1) => server.fault(method, fault, times),
    clearFaults: server.clearFaults,
    away: server.away,
    limit: (enforced) => {
      limiter.enforced = enforced;
    },
    privacy: (on) => {
      playing.privacy = on;
    },
    queryLife: (milliseconds) => {
      playing.queryLife = milliseconds;
    },
    ephemeral: (mode) => {
      playing.ephemeral = mode;
    },
    forget: () => {
      playing.calls.length = 0;
      playing.breaches.length = 0;
    },
    close: async () => {
      queue.close();
      await server.close();
    },
  };
}

function createWorld(options: Options, changed: () => void): World {
  const now = options.now ?? Date.now;
  const token = options.token ?? '7000000001:AAPeerOfTheTestsNotARealToken_0123456';
  const username = options.username ?? 'baton_bot';
  return {
    token,
    bot: { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Baton', username },
    privacy: options.privacy ?? true,
    queryLife: options.queryLife ?? 30_000,
    ephemeral: options.ephemeral ?? 'supported',
    now,
    accounts: new Map(),
    rooms: new Map(),
    queries: new Map(),
    answers: new Map(),
    commands: new Map(),
    calls: [],
    breaches: [],
    queue: createQueue({
      now,
      changed,
      conflictPause: options.conflictPause ?? 3000,
      webhookPause: options.webhookPause ?? 200,
    }),
    pace: () => undefined,
    changed,
    lastSharedId: 0,
    serial: 0,
  };
}

type Looks = Pick<
  TelegramPeer,
  | 'calls'
  | 'callsOf'
  | 'messages'
  | 'fromBot'
  | 'shown'
  | 'edits'
  | 'answersTo'
  | 'notified'
  | 'breaches'
  | 'menu'
  | 'updateOf'
>;

function looks(world: World): Looks {
  const messages = (place: Pick<Place, 'id'>): readonly Shown[] => {
    const room = roomOf(world, place);
    return [...room.messages.values(), ...room.ephemeral.values()].map(toShown).sort((a, b) => a.at - b.at);
  };
  return {
    calls: world.calls,
    callsOf: (method) => world.calls.filter((call) => call.method === method),
    messages,
    fromBot: (place) => messages(place).filter(({ from, deleted }) => from === world.bot.id && !deleted),
    shown: (ref) => toShown(findKept(world, ref)),
    edits: (ref) => findKept(world, ref).versions,
    answersTo: (query) => {
      const id = typeof query === 'string' ? query : (query.callback_query?.id ?? '');
      if (!world.queries.has(id)) throw new Error(`nobody pressed a button as ${id}`);
      return world.answers.get(id) ?? [];
    },
    notified: (ref) => notifiedBy(world, findKept(world, ref)),
    breaches: world.breaches,
    menu: (scope = 'default') => world.commands.get(scope) ?? [],
    updateOf: (ref) => {
      const { room, id, ephemeralId } = findKept(world, ref);
      return world.queue.made.find(({ message, channel_post }) => {
        const carried = message ?? channel_post;
        return (
          carried?.chat.id === room.chat.id && carried.message_id === id && carried.ephemeral_message_id === ephemeralId
        );
      });
    },
  };
}
