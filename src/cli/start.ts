import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { enumerate } from '../core/text.ts';
import { connectedPlatforms, readSettings, SETTINGS, type Settings } from '../settings.ts';
import { readOrganisation } from '../shell/read-organisation.ts';
import { realPath } from '../store/paths.ts';
import { accessProblem } from '../web/access.ts';
import { MARKER, readMarker, removeDemo } from '../web/demo/marker.ts';
import { beginningOf, storyBegins } from '../web/demo/seed.ts';
import { createDemoClock } from '../web/demo-clock.ts';
import { isLoopback } from '../web/guard.ts';
import { run } from '../web/run.ts';
import type { CliCommand, ExitCode, Invocation } from './cli.ts';
import { databasePath } from './database.ts';
import { besideDatabase, freshOrganisation, machineTimezone, writeOrganisation } from './organisation-file.ts';

export const start: CliCommand = {
  usage: 'start [--reset]',
  summary:
    'Runs the bot with its web console. Without BATON_ORG it is the demonstration: a made-up organisation in which a visitor can be anyone.',
  options: { reset: { type: 'boolean', help: 'the demonstration begins anew; its database is taken away' } },
  mostWords: 0,
  run: async (invocation) => {
    const read = readSettings(invocation.environment);
    const problems = [...('problems' in read ? read.problems : []), ...environmentFileProblems(invocation.environment)];
    if ('problems' in read || problems.length > 0) return invocation.complain(...problems);
    const { settings } = read;
    if (settings.BATON_ORG !== undefined) return startOrganisation(invocation, settings, settings.BATON_ORG);
    const hasChat = settings.TELEGRAM_BOT_TOKEN !== undefined || settings.SLACK_BOT_TOKEN !== undefined;
    if (!hasChat) return startDemonstration(invocation, settings);
    const file = ownOrganisation(besideDatabase(settings.BATON_DB));
    return 'problem' in file
      ? invocation.complain(file.problem)
      : startOrganisation(invocation, settings, file.path, file.isNew);
  },
};

const DEMO_ORGANISATION = fileURLToPath(new URL('../web/demo/organisation.yaml', import.meta.url));

/**
 * A `.env` that is there and was not read would have the demonstration run beside real tokens: Node itself only says that
 * the file was not found, and goes on.
 */
function environmentFileProblems(environment: NodeJS.ProcessEnv): string[] {
  if (lstatSync('.env', { throwIfNoEntry: false }) === undefined) return [];
  let text: string;
  try {
    text = readFileSync('.env', 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return [`.env exists and can not be read (${reason}); check its permissions, or take it away`];
  }
  const names = new Set(SETTINGS.flatMap(({ name }) => [name, `${name}_FILE`]));
  const missed = Object.keys(parseEnv(text)).filter((name) => names.has(name) && environment[name] === undefined);
  return missed.length === 0
    ? []
    : [`.env sets ${missed.join(', ')}, and it was not read; start with npm start, or give node --env-file=.env`];
}

/**
 * Somebody has a token and nothing else yet: a file for an organisation of their own, in which the first admin adds the
 * people from the chat. One that is there is left as it is.
 */
function ownOrganisation(path: string): { path: string; isNew: boolean } | { problem: string } {
  if (existsSync(path)) return { path, isNew: false };
  return writeOrganisation(path, freshOrganisation('Our organisation', machineTimezone())) ?? { path, isNew: true };
}

async function startDemonstration(invocation: Invocation, settings: Settings): Promise<ExitCode> {
  const { complain, machine, options } = invocation;
  const platforms = connectedPlatforms(settings);
  const secrets = SETTINGS.filter(({ name, secret }) => secret === true && settings[name] !== undefined);
  const host = settings.HOST ?? '127.0.0.1';
  const path = databasePath(invocation);
  if (path === undefined) return 2;
  const problems = [
    ...(platforms.length === 0 && secrets.length === 0
      ? []
      : [
          `tokens are set for ${[...new Set([...platforms, ...secrets.map(({ group }) => group)])].join(', ')}, and BATON_ORG is not: the demonstration, in which anybody can be anyone, never runs beside real tokens; set BATON_ORG, or take the tokens out`,
        ]),
    ...(isLoopback(host)
      ? []
      : [`HOST is ${host}, and the demonstration never leaves this machine; take HOST out, or set BATON_ORG`]),
  ];
  if (problems.length > 0) return complain(...problems);
  const marker = readMarker(path);
  if ('refusal' in marker) return complain(marker.refusal);
  if (marker.sort === 'real')
    return complain(
      `${path} belongs to an organisation, and the demonstration leaves it alone; set BATON_ORG, or name another file in BATON_DB`,
    );
  // A demonstration that was not played to its end is begun anew: nobody has worked in it yet.
  const anew = marker.sort !== 'none' && (options.reset === true || marker.sort === 'begun');
  const held = anew ? removeDemo(path, machine.now()) : undefined;
  if (held !== undefined) return complain(held);
  const read = readOrganisation(DEMO_ORGANISATION);
  if ('problems' in read) return complain(...read.problems);
  const isNew = anew || marker.sort === 'none';
  const clock = createDemoClock(machine, isNew ? 0 : marker.offset);
  const beginning = beginningOf(read.organisation, machine.now());
  if (isNew) clock.hold(storyBegins(read.organisation, beginning));
  return run(invocation, {
    settings,
    organisation: read.organisation,
    database: path,
    clock,
    demonstration: { clock, seedUntil: isNew ? beginning : undefined },
    platforms,
    greeting: (address) => [
      `Baton's demonstration: ${address}`,
      `  Everything runs on its defaults; the database is ${path}. --reset begins anew.`,
    ],
  });
}

async function startOrganisation(
  invocation: Invocation,
  settings: Settings,
  file: string,
  isNew = false,
): Promise<ExitCode> {
  const { complain, machine, options } = invocation;
  const path = realPath(settings.BATON_DB ?? 'data/baton.db');
  const access = accessProblem(settings);
  const read = readOrganisation(file);
  const problems = [
    ...('problems' in read ? read.problems : []),
    ...(options.reset === true
      ? ['--reset is for the demonstration; an organisation’s database is never taken away']
      : []),
    ...(access === undefined ? [] : [access]),
  ];
  if ('problems' in read || problems.length > 0) return complain(...problems);
  const marker = readMarker(path);
  if ('refusal' in marker) {
    // What is damaged is for whoever opens it: OPS hears of that as well.
    if (marker.doubt === undefined) return complain(marker.refusal);
  } else if (marker.sort === 'begun' || marker.sort === 'ready')
    return complain(`${path} is the demonstration's (${MARKER}); name another file in BATON_DB`);
  const { organisation } = read;
  const platforms = connectedPlatforms(settings);
  return run(invocation, {
    settings,
    organisation,
    processes: organisation.processes === undefined ? undefined : resolve(dirname(file), organisation.processes),
    database: path,
    clock: machine,
    platforms,
    greeting: (address, connections, code) => [
      `Baton carries the work of ${organisation.organisation}: ${address}${isNew ? ` (${file} was written: complete it)` : ''}`,
      connections.length === 0
        ? '  No chat’s token is set: people speak on the board, with the link that baton say --as PERSON /web gives, and through baton say.'
        : `  ${connections.map(({ line }) => line.replace(/\.$/, '')).join('; ')}.`,
      code === undefined
        ? `  ${defaults(platforms)}`
        : `  Nobody is admin yet: say /iam ${code} to the bot in private, within 24 hours, and you are.`,
    ],
  });
}

/** Which ports are on their embedded defaults, and which tokens wait for their adapter. */
function defaults(platforms: readonly string[]): string {
  const ports = { GitHub: 'issues', Circles: 'planning', Gitea: 'documents', Mail: 'mail' };
  const left = Object.entries(ports).flatMap(([platform, port]) => (platforms.includes(platform) ? [] : [port]));
  return `On their embedded defaults: ${enumerate([...left, 'the store'])}.`;
}
