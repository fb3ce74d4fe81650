import { createSlack } from '../../../adapters/slack/index.ts';
import { createTelegram } from '../../../adapters/telegram/index.ts';
import { loadCommands, loadProcesses, loadRules } from '../../../src/catalogue.ts';
import { FOLD_VERSION } from '../../../src/core/streams.ts';
import type { ChatAdapter, Clock } from '../../../src/ports.ts';
import { routeOf } from '../../../src/shell/address.ts';
import { createChats } from '../../../src/shell/chats.ts';
import { type Engine, startEngine } from '../../../src/shell/engine.ts';
import { createLibrary } from '../../../src/shell/library.ts';
import { createLog, type Log } from '../../../src/shell/log.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { listen } from '../../../src/web/server.ts';
import { organisationOf } from '../../properties/engine.ts';
import type { Side } from './child.ts';

/** The real process without its pages: core, store, shell, adapters and web server, put together as the product does it. */

export interface BatonSettings {
  readonly path: string;
  /** The organisation's file. */
  readonly file: unknown;
  /** What the clock said when the machine's said `since`: commands want working hours. */
  readonly at: number;
  readonly since: number;
  readonly telegram?: { readonly token: string; readonly root: string; readonly secret?: string };
  readonly slack?: {
    readonly token: string;
    readonly apiUrl: string;
    readonly secret?: string;
    readonly appToken?: string;
  };
}

export async function startBaton(settings: BatonSettings): Promise<Side> {
  const { path, at, since } = settings;
  const clock: Clock = { now: () => at + Date.now() - since };
  const log = createLog(process.env.BENCH_LOG ?? 'silent');
  let webhooks: Awaited<ReturnType<typeof createChats>>['webhooks'] = new Map();
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    fetch: () => () => new Response('no pages\n', { status: 404 }),
    // The adapters want to know the address before they say what they listen to.
    webhooks: { get: (name: string) => webhooks.get(name) } as typeof webhooks,
  });
  const origin = `http://127.0.0.1:${server.port}`;
  const adapters = adaptersOf(settings, origin, log);
  const engine = await open(settings, path, clock, log, adapters);
  const counted = { handled: 0, refused: new Map<string, number>() };
  const counting: Engine = {
    ...engine,
    handle: async (input, id, answering) => {
      const answer = await engine.handle(input, id, answering);
      counted.handled += 1;
      if (!answer.ok) counted.refused.set(answer.text, (counted.refused.get(answer.text) ?? 0) + 1);
      return answer;
    },
  };
  const chats = await createChats({ engine: counting, adapters, clock, log, chance: Math.random });
  webhooks = chats.webhooks;
  chats.start();
  while (chats.states().some(({ is }) => is !== 'connected')) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    address: origin,
    handled: () => counted.handled,
    weight: () => ({ events: engine.store.figures().events, messages: engine.store.figures().outbox }),
    refusals: () => [...counted.refused].map(([text, times]) => `${times}: ${text}`),
    say: async (as, text) => {
      const answer = await engine.handle({ as, via: 'web', place: null, text, pressed: false });
      if (!answer.ok) throw new Error(`${as} ${text}: ${answer.text}`);
      return answer.text;
    },
    stop: async () => {
      await Promise.all([server.close(), chats.stop()]);
      await engine.drained();
      await engine.store.close();
    },
  };
}

/** Signatures are of the machine's hour, whatever the hour of the organisation is. */
function adaptersOf({ telegram, slack }: BatonSettings, origin: string, log: Log): ChatAdapter[] {
  const clock: Clock = { now: () => Date.now() };
  return [
    ...(telegram === undefined
      ? []
      : [
          createTelegram({
            token: telegram.token,
            apiRoot: telegram.root,
            webhookSecret: telegram.secret,
            publicUrl: telegram.secret === undefined ? undefined : origin,
            clock,
            log,
          }),
        ]),
    ...(slack === undefined
      ? []
      : [
          createSlack({
            botToken: slack.token,
            appToken: slack.appToken,
            signingSecret: slack.secret,
            apiUrl: slack.apiUrl,
            clock,
            log,
          }),
        ]),
  ];
}

async function open(
  settings: BatonSettings,
  path: string,
  clock: Clock,
  log: Log,
  adapters: readonly ChatAdapter[],
): Promise<Engine> {
  const loaded = loadProcesses();
  if ('problems' in loaded) throw new Error(loaded.problems.join('; '));
  const store = openSqliteStore({ path, fold: FOLD_VERSION, now: clock.now, productVersion: '0.0.0' });
  if ('refusal' in store) throw new Error(store.refusal);
  const connected = adapters.map(({ platform }) => platform);
  return startEngine({
    store,
    clock,
    policies: {
      organisation: organisationOf(settings.file),
      rules: await loadRules(),
      processes: loaded.processes,
      processOf: await createLibrary(store, loaded.processes),
    },
    catalogue: await loadCommands(),
    links: { check: async () => 200 },
    log,
    route: (world, to) => routeOf(connected, world, to),
  });
}
