import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { nearest } from './core/nearest.ts';
import { keepSecret } from './shell/redact.ts';

/** Every environment variable, in one table: `.env.example` and the README's table are made from it. */

export interface Setting {
  readonly name: string;
  readonly group: 'Baton' | 'Telegram' | 'Slack' | 'GitHub' | 'Circles' | 'Gitea' | 'Mail';
  readonly sentence: string;
  readonly fallback?: string;
  readonly secret?: true;
  readonly schema?: z.ZodType<string>;
}

const url = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:/i.test(text), 'must be a URL that begins with https:// or http://');
const port = z.string().regex(/^\d{1,5}$/, 'must be a port number; 0 takes a free one');
const level = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
  error: 'must be one of fatal, error, warn, info, debug, trace, silent',
});

// What is wrong is said without the value: a password may be in it.
const mailServer = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '',
    'must be smtp://user:password@host:port, or smtps://…; in the user and the password write @ as %40 and / as %2F',
  );
const ADDRESS = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;
const sender = z
  .string()
  .refine(
    (text) => ADDRESS.test(/^[^<>]*<([^<>]*)>$/.exec(text.trim())?.[1] ?? text.trim()),
    'must be one address: baton@example.org, or Baton <baton@example.org>',
  );
const addresses = z
  .string()
  .refine((text) => text.split(',').every((each) => isIP(each.trim()) !== 0), 'must be IP addresses, with commas');
const number = z.string().regex(/^\d{1,12}$/, 'must be a number; it stands on the App’s page as “App ID”');

/** Two secrets are accepted while one takes the other's place, so that nothing on the way is refused. */
const OLD = 'The one before it, accepted as well while it is replaced; take it out afterwards.';

export const SETTINGS: readonly Setting[] = [
  {
    name: 'BATON_ORG',
    group: 'Baton',
    sentence: 'The organisation’s file (YAML). Without it Baton runs its demonstration organisation.',
  },
  { name: 'BATON_DB', group: 'Baton', sentence: 'The database file.', fallback: 'data/baton.db' },
  {
    name: 'BATON_BACKUPS',
    group: 'Baton',
    sentence: 'The folder where backups go; best on another disk.',
    fallback: 'data/backups',
  },
  { name: 'BATON_URL', group: 'Baton', sentence: 'The public address, where there is one.', schema: url },
  {
    name: 'PORT',
    group: 'Baton',
    sentence: 'The port of the web console; 0 takes a free one.',
    fallback: '8080',
    schema: port,
  },
  {
    name: 'HOST',
    group: 'Baton',
    sentence: 'The address to listen on. The console of the demonstration never leaves the loopback.',
    fallback: '127.0.0.1',
  },
  {
    name: 'BATON_PROXY',
    group: 'Baton',
    sentence:
      'The addresses of the proxy that stands before it on another machine, with commas: its X-Forwarded-For is believed. One on this machine is where BATON_URL is https.',
    schema: addresses,
  },
  {
    name: 'BATON_HEARTBEAT_URL',
    group: 'Baton',
    sentence:
      'A dead man’s address: asked every minute while all is well; what watches there speaks up when that ends.',
    schema: url,
    secret: true,
  },
  {
    name: 'BATON_METRICS_TOKEN',
    group: 'Baton',
    sentence: 'Who shows it as a bearer token gets /metrics also from elsewhere; on this machine nobody needs it.',
    secret: true,
  },
  {
    name: 'LOG_LEVEL',
    group: 'Baton',
    sentence: 'How much is logged, in pino’s levels.',
    fallback: 'info',
    schema: level,
  },
  { name: 'TELEGRAM_BOT_TOKEN', group: 'Telegram', sentence: 'The bot’s token from @BotFather.', secret: true },
  { name: 'TELEGRAM_API_ROOT', group: 'Telegram', sentence: 'Another Bot API server.', schema: url },
  {
    name: 'TELEGRAM_WEBHOOK_SECRET',
    group: 'Telegram',
    sentence: 'Set: updates come by webhook instead of polling.',
    secret: true,
  },
  { name: 'TELEGRAM_WEBHOOK_SECRET_OLD', group: 'Telegram', sentence: OLD, secret: true },
  { name: 'SLACK_BOT_TOKEN', group: 'Slack', sentence: 'The app’s bot token (xoxb-…).', secret: true },
  { name: 'SLACK_APP_TOKEN', group: 'Slack', sentence: 'The app-level token (xapp-…): Socket Mode.', secret: true },
  {
    name: 'SLACK_SIGNING_SECRET',
    group: 'Slack',
    sentence: 'The signing secret: signed HTTP, where there is no app-level token.',
    secret: true,
  },
  { name: 'SLACK_SIGNING_SECRET_OLD', group: 'Slack', sentence: OLD, secret: true },
  { name: 'SLACK_API_URL', group: 'Slack', sentence: 'Another Web API address.', schema: url },
  { name: 'GITHUB_TOKEN', group: 'GitHub', sentence: 'A personal token; enough for issues.', secret: true },
  {
    name: 'GITHUB_APP_ID',
    group: 'GitHub',
    sentence: 'The GitHub App’s id; baton setup github makes one.',
    schema: number,
  },
  { name: 'GITHUB_PRIVATE_KEY', group: 'GitHub', sentence: 'The GitHub App’s private key.', secret: true },
  { name: 'GITHUB_WEBHOOK_SECRET', group: 'GitHub', sentence: 'The secret of the webhook.', secret: true },
  { name: 'GITHUB_WEBHOOK_SECRET_OLD', group: 'GitHub', sentence: OLD, secret: true },
  {
    name: 'GITHUB_API_URL',
    group: 'GitHub',
    sentence: 'Another API address, such as GitHub Enterprise’s.',
    schema: url,
  },
  { name: 'CIRCLES_URL', group: 'Circles', sentence: 'The address of Circles (Taiga).', schema: url },
  { name: 'CIRCLES_TOKEN', group: 'Circles', sentence: 'An application token.', secret: true },
  { name: 'CIRCLES_USERNAME', group: 'Circles', sentence: 'The bot’s user, where there is no token.' },
  { name: 'CIRCLES_PASSWORD', group: 'Circles', sentence: 'That user’s password.', secret: true },
  { name: 'CIRCLES_WEBHOOK_SECRET', group: 'Circles', sentence: 'The secret of the webhook.', secret: true },
  { name: 'CIRCLES_WEBHOOK_SECRET_OLD', group: 'Circles', sentence: OLD, secret: true },
  { name: 'GITEA_URL', group: 'Gitea', sentence: 'The address of Gitea.', schema: url },
  { name: 'GITEA_TOKEN', group: 'Gitea', sentence: 'The token of a reader of the documentation.', secret: true },
  { name: 'GITEA_WEBHOOK_SECRET', group: 'Gitea', sentence: 'The secret of the webhook.', secret: true },
  { name: 'GITEA_WEBHOOK_SECRET_OLD', group: 'Gitea', sentence: OLD, secret: true },
  {
    name: 'SMTP_URL',
    group: 'Mail',
    sentence: 'Where mail is handed in: smtp(s)://user:password@host:port.',
    secret: true,
    schema: mailServer,
  },
  { name: 'MAIL_FROM', group: 'Mail', sentence: 'The sender: an address, or Baton <address>.', schema: sender },
];

export type Settings = Readonly<Record<string, string | undefined>>;

/** Which names must be set together: where one of `any` is set, one group of `needs` must be set whole. */
const TOGETHER: readonly {
  readonly any: readonly string[];
  readonly needs: readonly (readonly string[])[];
  readonly remedy: string;
}[] = [
  { any: ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'], needs: [['SLACK_BOT_TOKEN']], remedy: 'set SLACK_BOT_TOKEN too' },
  {
    any: ['SLACK_BOT_TOKEN'],
    needs: [['SLACK_APP_TOKEN'], ['SLACK_SIGNING_SECRET']],
    remedy: 'set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (signed HTTP) too',
  },
  {
    any: ['GITHUB_APP_ID', 'GITHUB_PRIVATE_KEY'],
    needs: [['GITHUB_APP_ID', 'GITHUB_PRIVATE_KEY']],
    remedy: 'a GitHub App needs both GITHUB_APP_ID and GITHUB_PRIVATE_KEY',
  },
  {
    any: ['GITHUB_WEBHOOK_SECRET'],
    needs: [['GITHUB_TOKEN'], ['GITHUB_APP_ID'], ['GITHUB_PRIVATE_KEY']],
    remedy: 'set GITHUB_APP_ID and GITHUB_PRIVATE_KEY, or GITHUB_TOKEN, too; baton setup github makes an App',
  },
  {
    any: ['CIRCLES_TOKEN', 'CIRCLES_USERNAME', 'CIRCLES_PASSWORD', 'CIRCLES_WEBHOOK_SECRET'],
    needs: [['CIRCLES_URL']],
    remedy: 'set CIRCLES_URL too',
  },
  {
    any: ['CIRCLES_URL'],
    needs: [['CIRCLES_TOKEN'], ['CIRCLES_USERNAME'], ['CIRCLES_PASSWORD']],
    remedy: 'set CIRCLES_TOKEN, or CIRCLES_USERNAME and CIRCLES_PASSWORD, too',
  },
  {
    any: ['CIRCLES_USERNAME', 'CIRCLES_PASSWORD'],
    needs: [['CIRCLES_USERNAME', 'CIRCLES_PASSWORD']],
    remedy: 'a Circles user needs both CIRCLES_USERNAME and CIRCLES_PASSWORD',
  },
  { any: ['GITEA_TOKEN'], needs: [['GITEA_URL']], remedy: 'set GITEA_URL too' },
  { any: ['GITEA_URL'], needs: [['GITEA_TOKEN']], remedy: 'set GITEA_TOKEN too' },
  {
    any: ['GITEA_WEBHOOK_SECRET'],
    needs: [['GITEA_URL', 'GITEA_TOKEN']],
    remedy: 'set GITEA_URL and GITEA_TOKEN too',
  },
  ...SETTINGS.flatMap(({ name }) => {
    const [, present] = /^(.*)_OLD$/.exec(name) ?? [];
    const remedy = `the new one goes into ${present}`;
    return present === undefined ? [] : [{ any: [name], needs: [[present]], remedy }];
  }),
  { any: ['SMTP_URL'], needs: [['MAIL_FROM']], remedy: 'set MAIL_FROM too' },
  { any: ['MAIL_FROM'], needs: [['SMTP_URL']], remedy: 'set SMTP_URL too' },
];

/** The secrets of webhooks that are accepted beside the present ones. */
export const oldSecrets = (settings: Settings): readonly string[] =>
  SETTINGS.flatMap(({ name }) => (name.endsWith('_OLD') && settings[name] !== undefined ? [name] : []));

/** The platforms whose tokens are set. */
export function connectedPlatforms(settings: Settings): string[] {
  const tokens: Readonly<Record<string, readonly string[]>> = {
    Telegram: ['TELEGRAM_BOT_TOKEN'],
    Slack: ['SLACK_BOT_TOKEN'],
    GitHub: ['GITHUB_TOKEN', 'GITHUB_APP_ID'],
    Circles: ['CIRCLES_URL'],
    Gitea: ['GITEA_URL'],
    Mail: ['SMTP_URL'],
  };
  return Object.keys(tokens).filter(
    (platform) => tokens[platform]?.some((name) => settings[name] !== undefined) === true,
  );
}

/** Reads and checks the environment. Every problem is told at once; nothing starts with one. */
export function readSettings(environment: NodeJS.ProcessEnv): { settings: Settings } | { problems: readonly string[] } {
  const problems: string[] = [];
  const settings: Record<string, string> = {};
  for (const setting of SETTINGS) {
    const value = readValue(environment, setting.name, problems);
    if (value === undefined) continue;
    if (value.trim() === '') {
      problems.push(`${setting.name} is set and empty; give it a value or take it out`);
      continue;
    }
    const problem = setting.schema?.safeParse(value).error?.issues[0]?.message;
    if (problem !== undefined) problems.push(`${setting.name} ${problem}`);
    if (setting.secret === true) keepSecret(value);
    settings[setting.name] = value;
  }
  const known = new Set(SETTINGS.flatMap(({ name }) => [name, `${name}_FILE`]));
  for (const name of Object.keys(environment).filter((each) => each.startsWith('BATON_') && !known.has(each))) {
    const guess = nearest(name, [...known]);
    problems.push(
      `${name} is no setting of Baton${guess === undefined ? '; see .env.example' : `; did you mean ${guess}?`}`,
    );
  }
  // What is set badly is set: its own mistake is told, and not that it is missing as well.
  const isSet = (name: string): boolean =>
    settings[name] !== undefined || environment[name] !== undefined || environment[`${name}_FILE`] !== undefined;
  for (const { any, needs, remedy } of TOGETHER) {
    const given = any.filter(isSet);
    if (given.length > 0 && !needs.some((group) => group.every(isSet)))
      problems.push(`${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} set alone: ${remedy}`);
  }
  if (problems.length > 0) return { problems };
  const defaults = Object.fromEntries(
    SETTINGS.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]])),
  );
  return { settings: { ...defaults, ...settings } };
}

/** The value, or the contents of the file that NAME_FILE names. */
export function readValue(environment: NodeJS.ProcessEnv, name: string, problems: string[]): string | undefined {
  const file = environment[`${name}_FILE`];
  if (file === undefined) return environment[name];
  if (environment[name] !== undefined) problems.push(`${name} and ${name}_FILE are both set; keep one`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    problems.push(`${name}_FILE: ${file} can not be read; check the path and its permissions`);
    return undefined;
  }
}
