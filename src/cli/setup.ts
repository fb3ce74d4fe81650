import { existsSync } from 'node:fs';
import type { Platform } from '../ports.ts';
import { readSettings, SETTINGS, type Settings } from '../settings.ts';
import { redact } from '../shell/redact.ts';
import { inspected } from '../store/inspect.ts';
import { accessProblem } from '../web/access.ts';
import { createAsker } from './ask.ts';
import { type Checked, checkChats } from './chat-check.ts';
import type { CliCommand, ExitCode, Invocation } from './cli.ts';
import { type EnvironmentFile, isOpenToOthers, readEnvironmentFile, writeEnvironmentFile } from './environment-file.ts';
import { checkForges, lineOf, type OutsideChecked, type OutsidePlatform } from './forge-check.ts';
import { heldRoles } from './held-roles.ts';
import { organisationOf, writeOrganisation } from './organisation-file.ts';
import { createDraft, type Draft } from './setup-draft.ts';
import { setupGithub } from './setup-github.ts';
import { askOutside, type OutsideAsking } from './setup-outside.ts';
import { askAddress, askOrganisation, askSlack, askTelegram, type Step } from './setup-questions.ts';

const FILE = '.env';

export const setup: CliCommand = {
  usage: 'setup [github] [--check]',
  summary:
    'Asks for what is missing, checks every token by calling its platform, and writes .env for its owner alone. Each question may be skipped with Enter. With github it makes a GitHub App, with one click in a browser. Exit code 1 when something is lacking.',
  options: { check: { type: 'boolean', help: 'ask nothing and write nothing: only check what is set' } },
  run: async (invocation) => {
    const { words, options, complain, environment } = invocation;
    const isGithub = words.length === 1 && words[0] === 'github' && options.check !== true;
    if (words.length > 0 && !isGithub)
      return complain(`baton setup takes no words but github; tokens are asked for, so that no shell keeps them`);
    const file = readEnvironmentFile(FILE);
    if ('problem' in file) return complain(file.problem);
    const draft = createDraft(environment, file);
    if (isGithub) return setupGithub(invocation, draft, file);
    const print = (line: string) => invocation.print(redact(line));
    return options.check === true ? checkOnly(invocation, draft, file, print) : ask(invocation, draft, file, print);
  },
};

type Print = (line: string) => void;

async function checkOnly(invocation: Invocation, draft: Draft, file: EnvironmentFile, print: Print): Promise<ExitCode> {
  const problems = remaining(draft);
  const { path, read, problems: mistakes } = draft.organisation;
  if (read !== undefined) print(`ok: ${path} is the file of ${read.organisation}`);
  const checked = await checkChats(invocation, draft.settings(), read);
  show(checked, print);
  const outside = await checkForges(invocation, draft.settings(), read);
  showOutside(outside, print);
  const lacking = [
    ...mistakes,
    ...problems,
    ...(isOpenToOthers(file) ? [`others may read ${FILE}: chmod 600 ${FILE}`] : []),
  ];
  for (const line of lacking) print(`lacking: ${line}`);
  if (checked.length === 0) print('no chat is set up: baton setup asks for its tokens');
  const isLacking = checked.some((each) => each.isLacking) || outside.some(({ finding }) => !finding.ok);
  return lacking.length > 0 || isLacking ? 1 : 0;
}

async function ask(invocation: Invocation, draft: Draft, file: EnvironmentFile, print: Print): Promise<ExitCode> {
  const asker = createAsker(invocation.stdin, invocation.stdout);
  const lacking = new Map<Platform, boolean>();
  const lackingOutside = new Set<OutsidePlatform>();
  const asking: OutsideAsking = {
    draft,
    asker,
    print,
    check: async (platform) => {
      print(`Asking ${NAMES[platform]} …`);
      const all = await checkChats(invocation, only(platform, draft.settings()), draft.organisation.read);
      lacking.set(
        platform,
        all.some(({ isLacking }) => isLacking),
      );
      show(all, print);
      return all;
    },
    checkOutside: async (platform) => {
      print(`Asking ${platform} …`);
      const all = await checkForges(invocation, onlyOutside(platform, draft.settings()), draft.organisation.read);
      lackingOutside.delete(platform);
      if (all.some(({ finding }) => !finding.ok)) lackingOutside.add(platform);
      showOutside(all, print);
      return all;
    },
  };
  try {
    for (const step of [askOrganisation, askTelegram, askSlack, askAddress, askOutside]) {
      const end: Step = await step(asking);
      if (end.is === 'ended')
        return invocation.complain(
          `the input ended where ${end.at} was asked for; nothing was written. An empty line skips a question`,
        );
    }
  } finally {
    asker.close();
  }
  const unwritten = write(draft, file, print);
  if (unwritten !== undefined) return invocation.complain(unwritten);
  const { organisation } = draft;
  const problems = [...organisation.problems, ...remaining(draft)];
  for (const problem of problems) print(`lacking: ${problem}`);
  for (const line of farewell(invocation, draft)) print(line);
  const isLacking = PLATFORMS.some((platform) => hasToken(platform, draft) && lacking.get(platform) === true);
  return problems.length > 0 || isLacking || lackingOutside.size > 0 ? 1 : 0;
}

const PLATFORMS = ['telegram', 'slack'] as const satisfies readonly Platform[];
const NAMES: Readonly<Record<Platform, string>> = { telegram: 'Telegram', slack: 'Slack' };
const TOKENS: Readonly<Record<Platform, string>> = { telegram: 'TELEGRAM_BOT_TOKEN', slack: 'SLACK_BOT_TOKEN' };
const hasToken = (platform: Platform, draft: Draft): boolean => draft.value(TOKENS[platform]) !== undefined;

/** The settings as if this were the only chat. */
const only = (platform: Platform, settings: Settings): Settings =>
  Object.fromEntries(
    Object.entries(settings).filter(([name]) => PLATFORMS.every((each) => each === platform || name !== TOKENS[each])),
  );

/** The settings as if this were the only place. */
const onlyOutside = (platform: OutsidePlatform, settings: Settings): Settings =>
  Object.fromEntries(
    SETTINGS.flatMap(({ name, group }) => {
      const value = settings[name];
      return value !== undefined && (group === platform || group === 'Baton') ? [[name, value]] : [];
    }),
  );

function showOutside(checked: readonly OutsideChecked[], print: Print): void {
  for (const each of checked) {
    print(`${each.finding.ok ? 'ok' : 'lacking'}: ${lineOf(each)}`);
    if (!each.finding.ok && each.finding.remedy !== undefined) print(`  → ${each.finding.remedy}`);
  }
}

function show(checked: readonly Checked[], print: Print): void {
  for (const { platform, finding, isLacking } of checked) {
    const how = finding.ok ? 'ok' : isLacking ? 'lacking' : 'worth a look';
    const name = NAMES[platform];
    print(`${how}: ${finding.what.includes(name) ? '' : `${name}: `}${finding.what}`);
    if (!finding.ok && finding.remedy !== undefined) print(`  → ${finding.remedy}`);
  }
}

/** What a start would refuse. */
function remaining(draft: Draft): readonly string[] {
  const read = readSettings(draft.environment());
  if ('problems' in read) return read.problems;
  const access = accessProblem(read.settings);
  return access === undefined ? [] : [access];
}

/** Writes the organisation's file and `.env`; what could not be written, or undefined. */
function write(draft: Draft, file: EnvironmentFile, print: Print): string | undefined {
  const { organisation } = draft;
  const names = draft.answered();
  const text = draft.text();
  if (text === undefined)
    return `${FILE} was left as it is: ${names.join(', ')} can not be put into it so that Node reads the same again; write it by hand`;
  const begun = organisation.text();
  if (begun !== undefined) {
    const failed = writeOrganisation(organisation.path, begun);
    if (failed !== undefined) return failed.problem;
    print(`${organisation.path} was written: people and chats are added in it, or by an admin from a chat.`);
  }
  if (text === file.text && !isOpenToOthers(file)) {
    print('There is nothing to add to .env.');
    return undefined;
  }
  const failed = writeEnvironmentFile(FILE, text);
  if (failed !== undefined) return failed.problem;
  print(`${FILE} was written, for its owner alone${names.length === 0 ? '.' : `: ${names.join(', ')}.`}`);
  return undefined;
}

/** What comes next. */
function farewell({ machine }: Invocation, draft: Draft): readonly string[] {
  const settings = draft.settings();
  const hasChat = PLATFORMS.some((platform) => hasToken(platform, draft));
  if (!hasChat && organisationOf(settings) === undefined)
    return ['Next: npm start, which runs the demonstration; baton setup can be said again at any time.'];
  const database = settings.BATON_DB ?? 'data/baton.db';
  const seen = existsSync(database) ? inspected(database, machine.now()) : undefined;
  const people = draft.organisation.read?.people ?? [];
  const hasAdmin = heldRoles({ people }, seen).has('admin');
  return [
    'Next: npm start',
    ...(hasAdmin || !hasChat
      ? []
      : ['Nobody is admin yet: npm start prints a code. Say /iam CODE to the bot in private, and you are.']),
    ...(hasAdmin || hasChat
      ? []
      : [`Nobody is admin yet: give somebody the role admin in ${draft.organisation.path}.`]),
  ];
}
