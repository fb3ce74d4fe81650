import { readCircles } from '../adapters/circles/inbound.ts';
import { readGithub } from '../adapters/github/inbound.ts';
import { loadCommands, loadProcesses, loadRules } from './catalogue.ts';
import { type Composition, runCli } from './cli/cli.ts';
import type { Catalogue } from './core/command.ts';
import type { Organisation } from './core/organisation.ts';
import { type Events, evolve, FOLD_VERSION, isOpen, type States, type StreamType } from './core/streams.ts';
import type { ChatAdapter, Clock, LinkCheck, Platform } from './ports.ts';
import type { Settings } from './settings.ts';
import { routeOf } from './shell/address.ts';
import { type Engine, startEngine } from './shell/engine.ts';
import { createLibrary } from './shell/library.ts';
import { createLog, type Log } from './shell/log.ts';
import { createWayIn } from './shell/way-in.ts';
import type { Evolve } from './store/fold.ts';
import { openSqliteStore } from './store/sqlite.ts';
import { VERSION } from './version.ts';

/** The composition root: the only file that names concrete parts. */

/** The machine's clock, and the only place that reads it. */
const machine: Clock = { now: () => Date.now() };

/** The fold of the core, as the store's tools ask for it: the event's row in, the state out. */
const fold: Evolve = (type, state, event) => {
  const stream = type as StreamType;
  const happened = { type: event.type, ...(event.data as object) } as Events[StreamType];
  const after = evolve(stream, state as States[StreamType] | undefined, happened, { at: event.at, actor: event.actor });
  return { state: after, open: isOpen(stream, after) };
};

let catalogue: Promise<Catalogue> | undefined;
const commands = (): Promise<Catalogue> => (catalogue ??= loadCommands());

interface OpenOptions {
  readonly path: string;
  readonly organisation: Organisation;
  /** The folder of the organisation's own processes. */
  readonly processes?: string | undefined;
  readonly clock: Clock;
  readonly links: LinkCheck;
  readonly log: Log;
  readonly backups?: string | undefined;
  readonly ballast?: number | undefined;
  /** The platforms that messages go to; without one they stay on the board. */
  readonly connected?: readonly Platform[] | undefined;
}

/** The chats whose tokens are set. An adapter and its library are loaded only then. */
async function connectChats(settings: Settings, log: Log): Promise<readonly ChatAdapter[]> {
  const chats: ChatAdapter[] = [];
  const clock = machine;
  if (settings.TELEGRAM_BOT_TOKEN !== undefined) {
    const { createTelegram } = await import('../adapters/telegram/index.ts');
    chats.push(
      createTelegram({
        token: settings.TELEGRAM_BOT_TOKEN,
        apiRoot: settings.TELEGRAM_API_ROOT,
        webhookSecret: settings.TELEGRAM_WEBHOOK_SECRET,
        publicUrl: settings.BATON_URL,
        clock,
        log,
      }),
    );
  }
  if (settings.SLACK_BOT_TOKEN !== undefined) {
    const { createSlack } = await import('../adapters/slack/index.ts');
    chats.push(
      createSlack({
        botToken: settings.SLACK_BOT_TOKEN,
        appToken: settings.SLACK_APP_TOKEN,
        signingSecret: settings.SLACK_SIGNING_SECRET,
        apiUrl: settings.SLACK_API_URL,
        clock,
        log,
      }),
    );
  }
  return chats;
}

/** The app's manifest for Slack; neither Slack's library nor a token is needed for it. */
const slackManifest: Composition['slackManifest'] = async (options) => {
  const { creationLink, slackManifest: make } = await import('../adapters/slack/manifest.ts');
  const { SCOPES } = await import('../adapters/slack/scopes.ts');
  const { manifest, problems } = make(options);
  return { manifest, problems, link: creationLink(manifest), scopes: SCOPES };
};

/** Opens the store and starts an engine on it; every problem is a value. */
async function openEngine(options: OpenOptions): Promise<{ engine: Engine } | { problems: readonly string[] }> {
  const loaded = loadProcesses(options.processes);
  if ('problems' in loaded) return loaded;
  const store = openSqliteStore({
    path: options.path,
    fold: FOLD_VERSION,
    now: options.clock.now,
    productVersion: VERSION,
    backups: options.backups,
    ballast: options.ballast,
  });
  if ('refusal' in store) return { problems: [store.refusal] };
  if (store.needsRefold()) store.refold(fold);
  const library = await createLibrary(store, loaded.processes);
  const policies = {
    organisation: options.organisation,
    rules: await loadRules(),
    processes: loaded.processes,
    processOf: library,
    wayIn: createWayIn(options.clock),
  };
  const engine = await startEngine({
    store,
    clock: options.clock,
    policies,
    catalogue: await commands(),
    links: options.links,
    log: options.log,
    route: (world, to) => routeOf(options.connected ?? [], world, to),
  });
  return { engine };
}

const composition: Composition = {
  machine,
  fold,
  openEngine,
  connectChats,
  slackManifest,
  chance: () => Math.random(),
  createLog,
  commands,
  rules: loadRules,
  github: readGithub,
  circles: readCircles,
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
};

// A reader that goes away early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCli(process.argv.slice(2), composition);
