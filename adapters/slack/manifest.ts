import { EVENTS, SCOPES } from './scopes.ts';

/** The app's manifest for Slack, made from the catalogue of commands, and looked through for what Slack would refuse. */

export interface ManifestOptions {
  readonly commands: readonly { readonly name: string; readonly usage: string; readonly summary: string }[];
  readonly mode: 'socket' | 'http';
  /** The public address that Slack calls over HTTP: `https://baton.example.org`. */
  readonly url?: string;
  /** Commands that get a slash of their own: `handover`. */
  readonly shortNames?: readonly string[];
}

interface SlackCommand {
  readonly command: string;
  readonly description: string;
  readonly usage_hint: string;
  readonly should_escape: true;
  readonly url?: string;
}
interface Shortcut {
  readonly name: string;
  readonly type: 'global' | 'message';
  readonly callback_id: string;
  readonly description: string;
}
export interface Manifest {
  readonly display_information: { readonly name: string; readonly description: string };
  readonly features: {
    readonly app_home: Readonly<Record<string, boolean>>;
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly shortcuts: readonly Shortcut[];
    readonly slash_commands: readonly SlackCommand[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly request_url?: string; readonly bot_events: readonly string[] };
    readonly interactivity: { readonly is_enabled: true; readonly request_url?: string };
    readonly org_deploy_enabled: false;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: false;
  };
}

/**
 * Names that Slack keeps for itself, or is said to. One of them in a manifest makes Slack refuse all of its commands, and the
 * manifest's published schema does not know them.
 */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'me status away dnd shrug remind msg feed who collapse expand leave join open search topic mute pro shortcuts ' +
    'invite kick remove archive rename dm call apps feedback prefs mention help'
  ).split(' '),
);

const MOST_COMMANDS = 50;
const MOST_NAME = 32;
const MOST_DESCRIPTION = 2_000;
const MOST_HINT = 1_000;
const MOST_SHORTCUT = { name: 24, description: 150 };
const MOST_APP = { name: 35, description: 140, bot: 80 };

const SHORTCUTS: readonly Shortcut[] = [
  { name: 'Say something to Baton', type: 'global', callback_id: 'baton_say', description: 'Any command, in a form' },
  { name: 'Make it a story', type: 'message', callback_id: 'baton_story', description: 'A story from this message' },
  { name: 'Log it as a bug', type: 'message', callback_id: 'baton_bug', description: 'A bug from this message' },
];

/** The manifest, and what Slack would refuse in it. A short name that can not be had is left out, and told. */
export function slackManifest(options: ManifestOptions): {
  readonly manifest: Manifest;
  readonly problems: readonly string[];
} {
  const { commands, mode, shortNames = [] } = options;
  const problems: string[] = [];
  const request = addressIn(options, problems);
  const url = request === undefined ? {} : { url: request };
  const request_url = request === undefined ? {} : { request_url: request };
  const umbrella: SlackCommand = {
    command: '/baton',
    description: 'Everything that Baton does: begin with /baton help',
    usage_hint: 'help, mine, board, or any other command with its words',
    should_escape: true,
    ...url,
  };
  const short = shortNames.flatMap((name): SlackCommand[] => {
    const command = commands.find((each) => each.name === name);
    const problem = problemOf(name, command !== undefined);
    if (problem !== undefined) problems.push(problem);
    if (problem !== undefined || command === undefined) return [];
    const usage_hint = command.usage.replace(/^\/\S+\s*/, '') || 'needs nothing else';
    return [{ command: `/${name}`, description: command.summary, usage_hint, should_escape: true, ...url }];
  });
  const manifest: Manifest = {
    display_information: { name: 'Baton', description: 'Carries work from hand to hand, from the idea to mainnet.' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'baton', always_online: true },
      shortcuts: SHORTCUTS,
      slash_commands: [umbrella, ...short],
    },
    oauth_config: { scopes: { bot: SCOPES.map(({ scope }) => scope) } },
    settings: {
      event_subscriptions: { ...request_url, bot_events: EVENTS },
      interactivity: { is_enabled: true, ...request_url },
      org_deploy_enabled: false,
      socket_mode_enabled: mode === 'socket',
      token_rotation_enabled: false,
    },
  };
  return { manifest, problems: [...problems, ...lint(manifest)] };
}

function addressIn({ mode, url }: ManifestOptions, problems: string[]): string | undefined {
  if (mode === 'socket') return undefined;
  if (url !== undefined && URL.canParse(url) && new URL(url).protocol === 'https:')
    return `${url.replace(/\/+$/, '')}/slack/events`;
  problems.push('Over HTTP Slack calls a public https address: set BATON_URL, or use Socket Mode.');
  return undefined;
}

function problemOf(name: string, exists: boolean): string | undefined {
  if (!exists) return `/${name} is no command of Baton.`;
  if (RESERVED.has(name))
    return `/${name} is Slack’s own: it would refuse every command of the app. Use /baton ${name}.`;
  return undefined;
}

/** What exceeds Slack's limits or takes a name of its own. */
export function lint({ display_information, features, oauth_config }: Manifest): string[] {
  const problems: string[] = [];
  const limit = (what: string, text: string, most: number) => {
    if (text.length < 1 || text.length > most)
      problems.push(`${what} has ${text.length} characters; Slack takes 1 to ${most}.`);
  };
  limit('The app’s name', display_information.name, MOST_APP.name);
  limit('The app’s description', display_information.description, MOST_APP.description);
  limit('The bot’s name', features.bot_user.display_name, MOST_APP.bot);
  const { slash_commands, shortcuts } = features;
  if (slash_commands.length > MOST_COMMANDS)
    problems.push(`${slash_commands.length} commands; Slack takes ${MOST_COMMANDS}.`);
  const seen = new Set<string>();
  for (const { command, description, usage_hint } of slash_commands) {
    limit(command, command, MOST_NAME);
    limit(`The description of ${command}`, description, MOST_DESCRIPTION);
    limit(`The hint of ${command}`, usage_hint, MOST_HINT);
    if (!/^\/[a-z0-9][a-z0-9_-]*$/.test(command)) problems.push(`${command} is no name for a command.`);
    if (RESERVED.has(command.slice(1))) problems.push(`${command} is Slack’s own.`);
    if (seen.has(command)) problems.push(`${command} is there twice.`);
    seen.add(command);
  }
  for (const { name, description } of shortcuts) {
    limit(`The shortcut “${name}”`, name, MOST_SHORTCUT.name);
    limit(`The description of “${name}”`, description, MOST_SHORTCUT.description);
  }
  if (oauth_config.scopes.bot.length === 0) problems.push('The app asks for nothing, and so can do nothing.');
  return problems;
}

/** Opens Slack's page for a new app with everything filled in. */
export const creationLink = (manifest: Manifest): string =>
  `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`;
