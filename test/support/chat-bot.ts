import { createSlack } from '../../adapters/slack/index.ts';
import { createTelegram } from '../../adapters/telegram/index.ts';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import type { Input } from '../../src/core/decide.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import type { ChatAdapter, Clock, LinkCheck } from '../../src/ports.ts';
import { routeOf } from '../../src/shell/address.ts';
import { type Chats, createChats } from '../../src/shell/chats.ts';
import { type Answer, type Engine, startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import type { Store } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { listen, type WebServer } from '../../src/web/server.ts';
import type { SlackPeer } from '../peers/slack/peer.ts';
import type { TelegramPeer } from '../peers/telegram/peer.ts';

/** The bot of this process on the two chats: the real core, store, shell and adapters, over real sockets to the peers. */

export interface ChatBotOptions {
  readonly organisation: Organisation;
  /** The database; in memory without one. */
  readonly path?: string;
  /** The core's clock; the machine's without one. */
  readonly clock?: Clock;
  /** The adapters' clock, where the platforms have the core's time; the machine's without one. */
  readonly platformClock?: Clock;
  readonly links?: LinkCheck;
  readonly telegram?: { readonly peer: TelegramPeer; readonly mode: 'polling' | 'webhook' } | undefined;
  readonly slack?: { readonly peer: SlackPeer; readonly mode: 'socket' | 'http' } | undefined;
  /** Told of every answer of the core, with what it answers. */
  readonly onAnswer?: (input: Input, answer: Answer) => void;
  /** Without the platforms' limits: for conversations on a clock that stands still. */
  readonly unhurried?: boolean;
}

export interface ChatBot {
  readonly engine: Engine;
  readonly chats: Chats;
  readonly origin: string;
  stop(): Promise<void>;
}

const machine: Clock = { now: () => Date.now() };
const SECRET = 'a-secret-of-the-tests';
let kept: Promise<[Awaited<ReturnType<typeof loadCommands>>, Awaited<ReturnType<typeof loadRules>>]> | undefined;
const catalogues = () => (kept ??= Promise.all([loadCommands(), loadRules()]));

export async function startChatBot(options: ChatBotOptions): Promise<ChatBot> {
  const clock = options.clock ?? machine;
  const log = createLog(process.env.CHAT_LOG ?? 'fatal');
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  const store = openSqliteStore({
    path: options.path ?? ':memory:',
    fold: FOLD_VERSION,
    now: clock.now,
    productVersion: 'test',
  });
  if ('refusal' in store) throw new Error(store.refusal);
  let webhooks: Chats['webhooks'] = new Map();
  const server: WebServer = await listen({
    host: '127.0.0.1',
    port: 0,
    fetch: () => () => new Response('nothing here\n', { status: 404 }),
    webhooks: { get: (path: string) => webhooks.get(path) } as Chats['webhooks'],
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const [catalogue, rules] = await catalogues();
  const adapters = adaptersOf(options, origin, { log, store, commands: catalogue.names }).map((adapter) =>
    options.unhurried === true ? { ...adapter, pace: { perChat: 0, perMessage: 0, perSecond: 1e9 } } : adapter,
  );
  const started = await startEngine({
    store,
    clock,
    policies: {
      organisation: options.organisation,
      rules,
      processes: loaded.processes,
      processOf: await createLibrary(store, loaded.processes),
    },
    catalogue,
    links: options.links ?? { check: async () => 200 },
    log,
    route: (world, to) =>
      routeOf(
        adapters.map(({ platform }) => platform),
        world,
        to,
      ),
  });
  const engine: Engine = {
    ...started,
    handle: async (input, id, answering) => {
      const answer = await started.handle(input, id, answering);
      options.onAnswer?.(input, answer);
      return answer;
    },
  };
  const chats = await createChats({ engine, adapters, clock, log, chance: Math.random });
  webhooks = chats.webhooks;
  chats.start();
  if (options.slack?.mode === 'http') await options.slack.peer.deliverTo(`${origin}/slack/events`);
  return {
    engine,
    chats,
    origin,
    stop: async () => {
      await Promise.all([server.close(), chats.stop()]);
      await engine.drained();
      await engine.store.close();
    },
  };
}

function adaptersOf(
  { telegram, slack, platformClock: clock = machine }: ChatBotOptions,
  origin: string,
  { log, store, commands }: { log: ReturnType<typeof createLog>; store: Store; commands: readonly string[] },
): ChatAdapter[] {
  return [
    ...(telegram === undefined
      ? []
      : [
          createTelegram({
            token: telegram.peer.token,
            apiRoot: telegram.peer.root,
            ...(telegram.mode === 'webhook' ? { webhookSecret: SECRET, publicUrl: origin } : {}),
            memory: { get: store.meta, set: store.setMeta },
            clock,
            log,
          }),
        ]),
    ...(slack === undefined
      ? []
      : [
          createSlack({
            botToken: slack.peer.botToken,
            ...(slack.mode === 'socket'
              ? { appToken: slack.peer.appToken }
              : { signingSecret: slack.peer.signingSecret }),
            apiUrl: slack.peer.apiUrl,
            commands,
            clock,
            log,
          }),
        ]),
  ];
}
