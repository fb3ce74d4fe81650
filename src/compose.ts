import { readCircles } from '../adapters/circles/inbound.ts';
import { readGithub } from '../adapters/github/inbound.ts';
import { loadCommands, loadProcesses, loadRules } from './catalogue.ts';
import { type Composition, runCli } from './cli/cli.ts';
import type { Catalogue } from './core/command.ts';
import type { Organisation } from './core/organisation.ts';
import { circleSlug } from './core/reference.ts';
import { type Events, evolve, FOLD_VERSION, isOpen, type States, type StreamType } from './core/streams.ts';
import type { ForgeAdapter } from './forge-ports.ts';
import type { ChatAdapter, Clock, LinkCheck, Platform } from './ports.ts';
import type { Settings } from './settings.ts';
import { routeOf } from './shell/address.ts';
import type { Outside } from './shell/connections.ts';
import { type Engine, startEngine } from './shell/engine.ts';
import type { ForgeWatch } from './shell/forge-watch.ts';
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
  /** The forges, as decisions ask of them. */
  readonly watch?: ForgeWatch | undefined;
}

/** The chats whose tokens are set. An adapter and its library are loaded only then. */
async function connectChats(
  settings: Settings,
  log: Log,
  engine: () => Engine | undefined = () => undefined,
): Promise<readonly ChatAdapter[]> {
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
        memory: {
          get: (name) => engine()?.store.meta(`telegram.${name}`),
          set: async (name, value) => engine()?.store.setMeta(`telegram.${name}`, value),
        },
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
        commands: (await commands()).names,
        clock,
        log,
      }),
    );
  }
  return chats;
}

/** The forges and the mail whose tokens are set. `engine` is there by the time that anything is asked. */
async function connectForges(
  settings: Settings,
  organisation: Organisation,
  log: Log,
  engine: () => Engine | undefined,
): Promise<Outside> {
  const adapters: ForgeAdapter[] = [];
  const clock = machine;
  if (settings.GITHUB_TOKEN !== undefined || settings.GITHUB_APP_ID !== undefined) {
    const { createGithub } = await import('../adapters/github/index.ts');
    adapters.push(
      createGithub({
        token: settings.GITHUB_TOKEN,
        appId: settings.GITHUB_APP_ID,
        privateKey: settings.GITHUB_PRIVATE_KEY,
        webhookSecret: settings.GITHUB_WEBHOOK_SECRET,
        apiUrl: settings.GITHUB_API_URL,
        repositories: organisation.github.repositories,
        clock,
        log,
      }),
    );
  }
  const hasCircles = settings.CIRCLES_TOKEN !== undefined || settings.CIRCLES_USERNAME !== undefined;
  if (settings.CIRCLES_URL !== undefined && hasCircles) {
    const { createCircles } = await import('../adapters/circles/index.ts');
    adapters.push(
      createCircles({
        url: settings.CIRCLES_URL,
        token: settings.CIRCLES_TOKEN,
        username: settings.CIRCLES_USERNAME,
        password: settings.CIRCLES_PASSWORD,
        webhookSecret: settings.CIRCLES_WEBHOOK_SECRET,
        template: organisation.circles.template,
        closedStatuses: organisation.circles.closed_statuses,
        prefixes: organisation.circles.prefixes,
        circles: () => circlesOf(organisation, engine()),
        mirror: (ref) => engine()?.world().get('ref', ref)?.open,
        tokens: {
          load: () => engine()?.store.meta('circles.tokens'),
          save: async (text) => engine()?.store.setMeta('circles.tokens', text),
        },
        clock,
        log,
      }),
    );
  }
  const documents = await connectDocuments(settings, organisation, log);
  if (settings.SMTP_URL === undefined || settings.MAIL_FROM === undefined) return { adapters, ...documents };
  const [{ createMail }, { letterOf }] = await Promise.all([
    import('../adapters/email/index.ts'),
    import('../adapters/email/render.ts'),
  ]);
  const messageHost = /@([\w.-]+)/.exec(settings.MAIL_FROM)?.[1] ?? 'localhost';
  const sender = createMail({ url: settings.SMTP_URL, from: settings.MAIL_FROM, messageHost, clock, log });
  return { adapters, mail: { sender, letterOf }, ...documents };
}

async function connectDocuments(
  { GITEA_URL: url, GITEA_TOKEN: token }: Settings,
  { gitea }: Organisation,
  log: Log,
): Promise<Pick<Outside, 'documents'>> {
  if (url === undefined || token === undefined) return {};
  const { createGitea } = await import('../adapters/gitea/index.ts');
  const documents = createGitea({
    url, token, allow: gitea.documents, forbidden: gitea.forbidden, clock: machine, log,
  }); // biome-ignore format: one value
  return { documents };
}

/** The circles to follow: the organisation's own, and those of its items. */
function circlesOf(organisation: Organisation, engine: Engine | undefined): readonly string[] {
  const ofItems = engine
    ?.world()
    .open('item')
    .flatMap(({ circle }) => (circle === null ? [] : (circleSlug(circle) ?? [])));
  return [...new Set([organisation.circles.default ?? [], ofItems ?? []].flat())];
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
    ...(options.watch === undefined ? {} : { forges: options.watch }),
  };
  const engine = await startEngine({
    store,
    clock: options.clock,
    policies,
    catalogue: await commands(),
    links: options.links,
    look: options.watch?.look,
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
  connectForges,
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
