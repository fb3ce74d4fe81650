import type { Platform } from '../ports.ts';
import { accessProblem } from '../web/access.ts';
import type { Asker } from './ask.ts';
import { type Checked, isAbout } from './chat-check.ts';
import { machineTimezone, organisationProblem } from './organisation-file.ts';
import { type Draft, isSecret } from './setup-draft.ts';

/** The questions of the setup, in their order. Each may be skipped with Enter. */

export interface Asking {
  readonly draft: Draft;
  readonly asker: Asker;
  print(line: string): void;
  /** Calls the platform with what is set so far, and shows what it says. */
  check(platform: Platform): Promise<readonly Checked[]>;
}

/** `ended`: there is no more input; at which question. */
export type Step = { readonly is: 'done' } | { readonly is: 'ended'; readonly at: string };
const DONE: Step = { is: 'done' };

interface Field {
  readonly question: string;
  problem(value: string): string | undefined;
}

const shaped =
  (pattern: RegExp, problem: string) =>
  (value: string): string | undefined =>
    pattern.test(value) ? undefined : problem;

const FIELDS = {
  TELEGRAM_BOT_TOKEN: {
    question: 'Telegram: the bot’s token from @BotFather (docs/telegram.md), or Enter for no Telegram:',
    problem: shaped(/^\d+:[\w-]+$/, 'that is no bot token: digits, a colon, letters. @BotFather, /mybots, API Token.'),
  },
  SLACK_BOT_TOKEN: {
    question: 'Slack: the bot token, xoxb-… (docs/slack.md), or Enter for no Slack:',
    problem: shaped(/^xoxb-[\w-]+$/, 'a bot token begins with xoxb-. It is under “OAuth & Permissions” of the app.'),
  },
  SLACK_APP_TOKEN: {
    question: 'Slack: the app-level token for Socket Mode, xapp-…, or Enter for signed HTTP:',
    problem: shaped(/^xapp-[\w-]+$/, 'an app-level token begins with xapp-. Make it under “Basic Information”.'),
  },
  SLACK_SIGNING_SECRET: {
    question: 'Slack: the signing secret for signed HTTP, or Enter for no Slack:',
    problem: shaped(/^\w{16,}$/, 'a signing secret is letters and digits. It is under “Basic Information”.'),
  },
  BATON_URL: {
    question: 'The public address that the chat calls, https://…, or Enter to set BATON_URL later:',
    problem: (value: string) =>
      shaped(/^https:\/\//i, 'a platform calls nothing but https://')(value) ??
      (URL.canParse(value) ? accessProblem({ BATON_URL: value }) : 'that is no address: https://baton.example.org'),
  },
} as const satisfies Readonly<Record<string, Field>>;
type Name = keyof typeof FIELDS;

type Answer = { readonly is: 'given'; readonly value: string } | { readonly is: 'skipped' } | Step;

/** Asks until the answer can be right, or is Enter. */
export async function ask({ asker, print }: Asking, name: string, field: Field): Promise<Answer> {
  for (;;) {
    const value = await asker.ask(field.question, isSecret(name));
    if (value === undefined) return { is: 'ended', at: name };
    if (value === '') return { is: 'skipped' };
    const problem = field.problem(value);
    if (problem === undefined) return { is: 'given', value };
    print(`  ${problem}`);
  }
}

/** Asks for a setting where it is missing. */
async function fill(asking: Asking, name: Name): Promise<Step> {
  const { draft } = asking;
  if (draft.value(name) !== undefined) return DONE;
  const answer = await ask(asking, name, FIELDS[name]);
  if (answer.is === 'given') draft.set(name, answer.value);
  return answer.is === 'ended' ? answer : DONE;
}

/** The organisation's file: a name and a timezone are enough to begin. */
export async function askOrganisation(asking: Asking): Promise<Step> {
  const { draft, print } = asking;
  const { organisation } = draft;
  for (const problem of organisation.problems) print(`lacking: ${problem}`);
  if (organisation.problems.length > 0) return DONE;
  if (organisation.read !== undefined) {
    print(`ok: ${organisation.path} is the file of ${organisation.read.organisation}`);
    if (draft.value('BATON_ORG') === undefined) draft.set('BATON_ORG', organisation.path);
    return DONE;
  }
  const name = await ask(asking, 'the organisation’s name', {
    question: `The name of your organisation, for a new file ${organisation.path}, or Enter for none:`,
    problem: (value) => organisationProblem(value, 'UTC'),
  });
  if (name.is !== 'given') return name.is === 'ended' ? name : DONE;
  const zone = await ask(asking, 'the timezone', {
    question: `Its timezone, or Enter for ${machineTimezone()}:`,
    problem: (value) => organisationProblem(name.value, value),
  });
  if (zone.is === 'ended') return zone;
  organisation.begin(name.value, zone.is === 'given' ? zone.value : machineTimezone());
  if (draft.value('BATON_ORG') === undefined) draft.set('BATON_ORG', organisation.path);
  return DONE;
}

export async function askTelegram(asking: Asking): Promise<Step> {
  const step = await fill(asking, 'TELEGRAM_BOT_TOKEN');
  if (step.is === 'ended' || asking.draft.value('TELEGRAM_BOT_TOKEN') === undefined) return step;
  return settle(asking, 'telegram', ['TELEGRAM_BOT_TOKEN']);
}

const SLACK = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const;

export async function askSlack(asking: Asking): Promise<Step> {
  const { draft, print } = asking;
  if (draft.value('SLACK_BOT_TOKEN') === undefined)
    print('No Slack app yet? baton slack-manifest --link prints a link that makes one.');
  const step = await fill(asking, 'SLACK_BOT_TOKEN');
  if (step.is === 'ended' || draft.value('SLACK_BOT_TOKEN') === undefined) return step;
  const hasWay = () =>
    draft.value('SLACK_APP_TOKEN') !== undefined || draft.value('SLACK_SIGNING_SECRET') !== undefined;
  for (const name of ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'] as const) {
    const way = hasWay() ? DONE : await fill(asking, name);
    if (way.is === 'ended') return way;
  }
  if (!hasWay()) {
    draft.unset(...SLACK);
    print('  Slack is left out: without either of the two nothing of it would reach the bot.');
    return DONE;
  }
  return settle(asking, 'slack', SLACK);
}

/** Slack over HTTP, and Telegram's webhook: both call us. */
export async function askAddress(asking: Asking): Promise<Step> {
  const { value } = asking.draft;
  const overHttp = value('SLACK_BOT_TOKEN') !== undefined && value('SLACK_APP_TOKEN') === undefined;
  const byWebhook = value('TELEGRAM_BOT_TOKEN') !== undefined && value('TELEGRAM_WEBHOOK_SECRET') !== undefined;
  return overHttp || byWebhook ? fill(asking, 'BATON_URL') : DONE;
}

/** Has the platform look at the tokens, and asks again for one that it does not take. */
async function settle(asking: Asking, platform: Platform, names: readonly Name[]): Promise<Step> {
  const { draft, print } = asking;
  for (;;) {
    const checked = await asking.check(platform);
    const wrong = names.find((name) => checked.some(({ finding }) => !finding.ok && isAbout(finding, name)));
    if (wrong === undefined) return DONE;
    if (!draft.isOurs(wrong)) {
      print(`  ${wrong} comes from the environment and not from .env: mend it there.`);
      return DONE;
    }
    const question = `Another ${wrong}, or Enter to leave it:`;
    const answer = await ask(asking, wrong, { ...FIELDS[wrong], question });
    if (answer.is === 'ended') return answer;
    if (answer.is === 'skipped') {
      const given = draft.answered().filter((name) => names.some((each) => each === name));
      draft.unset(...given);
      if (given.length > 0) print(`  ${given.join(' and ')}: left out.`);
      return DONE;
    }
    if (answer.is === 'given') draft.set(wrong, answer.value);
  }
}
