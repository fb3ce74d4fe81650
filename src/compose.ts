import { readCircles } from '../adapters/circles/inbound.ts';
import { readGithub } from '../adapters/github/inbound.ts';
import { loadCommands, loadProcesses, loadRules } from './catalogue.ts';
import { type Composition, runCli, unprinted } from './cli/cli.ts';
import type { Catalogue } from './core/command.ts';
import { type Organisation, SEVERITIES } from './core/organisation.ts';
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
import { keepSecret, redact } from './shell/redact.ts';
import { createSafeMode, type SafeMode } from './shell/safe-mode.ts';
import type { TrustedClock } from './shell/safe-mode-clock.ts';
import { createWayIn } from './shell/way-in.ts';
import type { Evolve } from './store/fold.ts';
import { openSqliteStore, type SqliteStore } from './store/sqlite.ts';
import { verifyStore } from './store/verify.ts';
import { VERSION } from './version.ts';

/** The composition root: the only file that names concrete parts. */

/** The machine's clock, and the only place that reads it. */
const machine: Clock = { now: () => Date.now() };

/** The fold of the core, as the store's tools ask for it: the event's row in, the state out. */
const fold: Evolve = (type, state, event) => {
  const stream = type as StreamType;
  const happened = { type: event.type, ...(event.data as object) } as Events[StreamType];
  const after = evolve(stream, state as States[StreamType] | undefined, happened, { ...event, unseen: true });
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
  /** The address of Gitea, for links to what is kept there. */
  readonly gitea?: string | undefined;
  /** With safe mode: for a process that stays. */
  readonly guard?: { readonly trusted: TrustedClock | undefined } | undefined;
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
        oldWebhookSecret: settings.TELEGRAM_WEBHOOK_SECRET_OLD,
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
        oldSigningSecret: settings.SLACK_SIGNING_SECRET_OLD,
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
  alsoCircles: readonly string[] = [],
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
        oldWebhookSecret: settings.GITHUB_WEBHOOK_SECRET_OLD,
        apiUrl: settings.GITHUB_API_URL,
        repositories: organisation.github.repositories,
        labels: SEVERITIES.flatMap((severity) => organisation.severities[severity].slice(0, 1)),
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
        oldWebhookSecret: settings.CIRCLES_WEBHOOK_SECRET_OLD,
        template: organisation.circles.template,
        closedStatuses: organisation.circles.closed_statuses,
        prefixes: organisation.circles.prefixes,
        circles: () => [...new Set([...circlesOf(organisation, engine()), ...alsoCircles])],
        mirror: (ref) => engine()?.world().get('ref', ref)?.open,
        tokens: {
          load: () => engine()?.store.meta('circles.tokens'),
          save: async (text) => engine()?.store.setMeta('circles.tokens', text),
          given: keepSecret,
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
  const { BATON_URL: publicUrl } = settings;
  return { adapters, mail: { sender, letterOf, publicUrl }, ...documents };
}

async function connectDocuments(
  {
    GITEA_URL: url,
    GITEA_TOKEN: token,
    GITEA_WEBHOOK_SECRET: webhookSecret,
    GITEA_WEBHOOK_SECRET_OLD: oldWebhookSecret,
  }: Settings,
  { gitea }: Organisation,
  log: Log,
): Promise<Pick<Outside, 'documents'>> {
  if (url === undefined || token === undefined) return {};
  const { createGitea } = await import('../adapters/gitea/index.ts');
  const documents = createGitea({
    url, token, webhookSecret, oldWebhookSecret, allow: gitea.documents, forbidden: gitea.forbidden, clock: machine, log,
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

const readBounce: Composition['readBounce'] = async (message) =>
  (await import('../adapters/email/bounce.ts')).readBounce(message);

/** How a GitHub App is made; neither GitHub's library nor a token is needed for it. */
const githubApp: Composition['githubApp'] = {
  manifest: async (options) => (await import('../adapters/github/manifest.ts')).githubManifest(options),
  exchange: async (code, apiUrl) => (await import('../adapters/github/manifest.ts')).exchangeCode(code, apiUrl),
};

/** Opens the store and starts an engine on it; every problem is a value. */
async function openEngine(options: OpenOptions): ReturnType<Composition['openEngine']> {
  const loaded = loadProcesses(options.processes);
  if ('problems' in loaded) return loaded;
  const store = openSqliteStore({
    path: options.path,
    fold: FOLD_VERSION,
    now: options.clock.now,
    productVersion: VERSION,
    backups: options.backups,
    ballast: options.ballast,
    evenNewer: options.guard !== undefined,
  });
  if ('refusal' in store) return { problems: [store.refusal], isDamaged: store.doubt !== undefined };
  if (store.newer === undefined && store.needsRefold()) store.refold(fold);
  const safe = options.guard === undefined ? undefined : watchOver(store, options, options.guard.trusted);
  const library = await createLibrary(safe?.store ?? store, loaded.processes, (why) => safe?.enter('chain', why));
  const policies = {
    organisation: options.organisation,
    rules: await loadRules(),
    processes: loaded.processes,
    processOf: library,
    wayIn: createWayIn(options.clock),
    ...(options.watch === undefined ? {} : { forges: options.watch }),
    giteaAddress: options.gitea,
  };
  const engine = await startEngine({
    store: safe?.store ?? store,
    safe,
    clock: options.clock,
    policies,
    catalogue: await commands(),
    links: options.links,
    look: options.watch?.look,
    log: options.log,
    route: (world, to) => routeOf(options.connected ?? [], world, to),
  });
  return { engine, safe };
}

function watchOver(store: SqliteStore, { path, clock, log }: OpenOptions, trusted: TrustedClock | undefined): SafeMode {
  const prove = () => verifyStore(path, { fold: FOLD_VERSION, evolve: fold }).problems;
  const states = {
    living: () => store.checkLiving(fold),
    next: (after: number) => store.checkStates(fold, after, 50),
  };
  return createSafeMode({ store, clock, trusted, prove, states, log });
}

const composition: Composition = {
  machine,
  fold,
  openEngine,
  connectChats,
  connectForges,
  slackManifest,
  githubApp,
  chance: () => Math.random(),
  createLog,
  commands,
  rules: loadRules,
  github: readGithub,
  circles: readCircles,
  readBounce,
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => unprinted(error, composition));
process.stderr.on('error', () => undefined);

// What nobody caught ends the process, and its words go through the redactor first: an address in them may hold a token.
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => {
    process.stderr.write(`baton: ${redact(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
    process.exit(70);
  });

process.exitCode = await runCli(process.argv.slice(2), composition);
