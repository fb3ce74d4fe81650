import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import type { Catalogue } from '../core/command.ts';
import type { TrackerNews } from '../core/incoming.ts';
import { nearest } from '../core/nearest.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Rule } from '../core/rule.ts';
import type { Bounce } from '../forge-ports.ts';
import type { ChatAdapter, Clock, LinkCheck, Platform } from '../ports.ts';
import { readSettings, type Settings } from '../settings.ts';
import type { Outside } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import type { ForgeWatch } from '../shell/forge-watch.ts';
import type { Log } from '../shell/log.ts';
import { redact, redactForAsker } from '../shell/redact.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
import type { TrustedClock } from '../shell/safe-mode-clock.ts';
import type { Evolve } from '../store/fold.ts';
import { VERSION } from '../version.ts';

/** A GitHub App that was just made. */
export interface MadeApp {
  readonly ok: true;
  readonly appId: string;
  readonly slug: string;
  readonly page: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/** What the composition root hands to the command line: everything concrete, and nothing else is. */
export interface Composition {
  readonly machine: Clock;
  readonly fold: Evolve;
  openEngine(options: {
    path: string;
    organisation: Organisation;
    processes?: string | undefined;
    clock: Clock;
    links: LinkCheck;
    log: Log;
    backups?: string | undefined;
    /** Bytes held back beside the file, given up when the disk is full. */
    ballast?: number | undefined;
    /** The platforms that messages go to; without one they stay on the board. */
    connected?: readonly Platform[] | undefined;
    /** The forges, as decisions ask of them. */
    watch?: ForgeWatch | undefined;
    /** The address of Gitea, for links to what is kept there. */
    gitea?: string | undefined;
    /** With safe mode: for a process that stays. */
    guard?: { readonly trusted: TrustedClock | undefined } | undefined;
  }): Promise<
    | { readonly engine: Engine; readonly safe?: SafeMode | undefined }
    /** `isDamaged`: the file itself is in doubt, and OPS should know. */
    | { readonly problems: readonly string[]; readonly isDamaged?: boolean }
  >;
  /** The chats whose tokens are set, not yet started. */
  connectChats(settings: Settings, log: Log, engine?: () => Engine | undefined): Promise<readonly ChatAdapter[]>;
  /** What a Slack app is made from; the problems are what Slack would refuse in it. */
  slackManifest(options: {
    commands: readonly { readonly name: string; readonly usage: string; readonly summary: string }[];
    mode: 'socket' | 'http';
    url?: string;
    shortNames?: readonly string[];
  }): Promise<{
    readonly manifest: object;
    readonly link: string;
    readonly problems: readonly string[];
    readonly scopes: readonly { readonly scope: string; readonly reason: string }[];
  }>;
  /** The forges and the mail whose tokens are set, not yet started. `engine` is there by the time that anything is asked. */
  connectForges(
    settings: Settings,
    organisation: Organisation,
    log: Log,
    engine: () => Engine | undefined,
    /** Circles to look at besides those that the organisation and the engine name. */
    alsoCircles?: readonly string[],
  ): Promise<Outside>;
  /** How a GitHub App is made: the manifest that its page is filled in with, and what GitHub hands over for the code. */
  readonly githubApp: {
    manifest(options: { readonly url: string; readonly name: string; readonly redirect: string }): Promise<object>;
    exchange(code: string, apiUrl?: string): Promise<MadeApp | { readonly ok: false; readonly why: string }>;
  };
  /** Numbers from 0 to 1, for waits that should not all end at once. */
  chance(): number;
  createLog(level: string): Log;
  commands(): Promise<Catalogue>;
  rules(): Promise<readonly Rule[]>;
  github(name: string, payload: unknown): readonly TrackerNews[];
  circles(payload: unknown, closedStatuses?: readonly string[]): readonly TrackerNews[];
  /** A report that a letter was not delivered; undefined: it is something else. */
  readBounce(message: Buffer): Promise<Bounce | undefined>;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

export interface Invocation extends Composition {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  print(line: string): void;
  /** One line a problem, on standard error; the exit code that goes with it. */
  complain(...problems: readonly string[]): 2;
}

/** Exit codes: 0 done, 1 looked and found something wrong, 2 could not be done as asked. */
export type ExitCode = 0 | 1 | 2;

export interface CliCommand {
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly help: string }>>;
  /** So many words it takes; undefined: it looks itself at those that it is given. */
  readonly mostWords?: number;
  run(invocation: Invocation): Promise<ExitCode>;
}

/** Each is loaded when it is asked for: `simulate` does not pay for the web. */
const COMMANDS: Readonly<Record<string, () => Promise<CliCommand>>> = {
  start: async () => (await import('./start.ts')).start,
  setup: async () => (await import('./setup.ts')).setup,
  'slack-manifest': async () => (await import('./slack-manifest.ts')).slackManifestCommand,
  simulate: async () => (await import('./simulate-command.ts')).simulateCommand,
  import: async () => (await import('./import.ts')).importCommand,
  say: async () => (await import('./say.ts')).say,
  bounce: async () => (await import('./bounce.ts')).bounceCommand,
  doctor: async () => (await import('./doctor.ts')).doctor,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  verify: async () => (await import('./verify.ts')).verify,
  export: async () => (await import('./export.ts')).exportCommand,
  process: async () => (await import('./process.ts')).processCommand,
  org: async () => (await import('./org.ts')).org,
};

export async function runCli(argv: readonly string[], composition: Composition): Promise<ExitCode> {
  const { stdout, stderr } = composition;
  const print = (line: string) => void stdout.write(`${redactForAsker(line)}\n`);
  const complain = (...problems: readonly string[]): 2 => {
    for (const problem of problems) stderr.write(`baton: ${redact(problem)}\n`);
    return 2;
  };
  // From here on every secret of the settings is known to the redactor, also to commands that read none of them.
  readSettings(composition.environment);
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v') {
    print(`baton ${VERSION}`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    help(print);
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const guess = nearest(name, Object.keys(COMMANDS));
    return complain(
      `there is no command ${name}${guess === undefined ? '; baton --help lists them' : `; did you mean baton ${guess}?`}`,
    );
  }
  const command = await load();
  const parsed = parse(command, rest);
  if (parsed.values.help === true) {
    describe(command, print);
    return 0;
  }
  if (parsed.problem !== undefined) return complain(`${parsed.problem}; it goes: baton ${command.usage}`);
  const more = parsed.words.slice(command.mostWords ?? parsed.words.length);
  if (more.length > 0) return complain(`${more.join(' ')} is too much; it goes: baton ${command.usage}`);
  return command.run({ ...composition, words: parsed.words, options: parsed.values, print, complain });
}

/** The output takes nothing more. A reader that goes away early (`| head`) is no error, and no log ends a bot that runs. */
export function unprinted({ code, message }: NodeJS.ErrnoException, { stderr }: Composition): void {
  if (process.argv[2] === 'start') return;
  if (code !== 'EPIPE')
    stderr.write(`baton: nothing more can be printed (${message}); make room where the output goes\n`);
  process.exit(code === 'EPIPE' ? 0 : 2);
}

function parse(
  command: CliCommand,
  args: readonly string[],
): { words: string[]; values: Record<string, string | boolean | undefined>; problem?: string } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, help: { type: 'boolean' as const } }).map(([name, { type }]) => [
      name,
      { type },
    ]),
  );
  try {
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return { words: positionals, values: values as Record<string, string | boolean | undefined> };
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
    return { words: [], values: { help: args.includes('--help') }, problem };
  }
}

const PLAIN: Readonly<Record<string, string>> = {
  start: 'Run the bot, with its web console.',
  setup: 'Ask for what is missing, check every token, and write .env.',
  'slack-manifest': 'Print what a Slack app is made from.',
  simulate: 'Play a script of JSON lines on a clock of its own.',
  import: 'Take in what is open already on GitHub and Circles.',
  say: 'Say something as a person, from this shell.',
  bounce: 'Take in a letter that came back.',
  doctor: 'Look for what is wrong, and how to mend it.',
  backup: 'Copy the database, and check the copy.',
  restore: 'Put a backup back.',
  verify: 'Prove the history: its chain, and every state as the fold of its events.',
  export: 'Write the history out, as JSON lines or CSV.',
  process: 'Check a process file, or show a process.',
  org: 'Check an organisation’s file.',
};

function help(print: (line: string) => void): void {
  print(`baton ${VERSION}: carries an organisation's work from idea to mainnet.\n`);
  for (const name of Object.keys(COMMANDS)) print(`  baton ${name.padEnd(14)} ${PLAIN[name] ?? ''}`);
  print('\nbaton COMMAND --help says more. Exit codes: 0 done, 1 something is wrong, 2 not as asked.');
}

function describe(command: CliCommand, print: (line: string) => void): void {
  print(`baton ${command.usage}\n\n${command.summary}`);
  const rows = Object.entries(command.options);
  if (rows.length > 0) print('');
  for (const [name, { type, help: words }] of rows)
    print(`  --${name}${type === 'string' ? ' VALUE' : ''}`.padEnd(22) + words);
}
