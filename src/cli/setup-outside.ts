import { SETTINGS } from '../settings.ts';
import { isAbout } from './chat-check.ts';
import type { OutsideChecked, OutsidePlatform } from './forge-check.ts';
import { type Asking, ask, type Step } from './setup-questions.ts';

/** The questions about where work is kept and how letters go out. Nobody has to answer any of them. */

export interface OutsideAsking extends Asking {
  /** Calls it with what is set so far, and shows what it says. */
  checkOutside(platform: OutsidePlatform): Promise<readonly OutsideChecked[]>;
}

interface Place {
  readonly platform: OutsidePlatform;
  /** The settings in the order in which they are asked for; one group of `ways` is enough. */
  readonly first: readonly string[];
  readonly ways: readonly (readonly string[])[];
}

const PLACES: readonly Place[] = [
  { platform: 'GitHub', first: [], ways: [['GITHUB_TOKEN'], ['GITHUB_APP_ID', 'GITHUB_PRIVATE_KEY']] },
  {
    platform: 'Circles',
    first: ['CIRCLES_URL'],
    ways: [['CIRCLES_TOKEN'], ['CIRCLES_USERNAME', 'CIRCLES_PASSWORD']],
  },
  { platform: 'Gitea', first: ['GITEA_URL'], ways: [['GITEA_TOKEN']] },
  { platform: 'Mail', first: ['SMTP_URL'], ways: [['MAIL_FROM']] },
];

const QUESTIONS: Readonly<Record<string, string>> = {
  GITHUB_TOKEN: 'GitHub: a personal token (docs/github.md), or Enter for none:',
  CIRCLES_URL: 'Circles: its address, https://… (docs/circles.md), or Enter for no Circles:',
  CIRCLES_TOKEN: 'Circles: the application token of the bot’s user, or Enter for its name and password:',
  CIRCLES_USERNAME: 'Circles: the name of the bot’s user, or Enter for no Circles:',
  CIRCLES_PASSWORD: 'Circles: its password, or Enter for no Circles:',
  GITEA_URL: 'Gitea: its address, https://… (docs/gitea.md), or Enter for no Gitea:',
  GITEA_TOKEN: 'Gitea: the token of the reader of the documentation, or Enter for no Gitea:',
  SMTP_URL: 'Mail: where it is handed in, smtp://user:password@host:port (docs/mail.md), or Enter for no mail:',
  MAIL_FROM: 'Mail: the sender, Baton <baton@example.org>, or Enter for no mail:',
};
const DONE: Step = { is: 'done' };

export async function askOutside(asking: OutsideAsking): Promise<Step> {
  const { asker, draft, print } = asking;
  const known = PLACES.filter((place) => namesOf(place).some((name) => draft.value(name) !== undefined));
  const missing = PLACES.filter((place) => !known.includes(place)).map(({ platform }) => platform.toLowerCase());
  // Whoever has nothing more to say has answered enough.
  const answer =
    missing.length === 0
      ? ''
      : ((await asker.ask(`Where else is work kept? ${missing.join(', ')}, with spaces between, or Enter for none:`)) ??
        '');
  const words = new Set(answer.toLowerCase().split(/[\s,]+/));
  if (words.has('github') && missing.includes('github'))
    print('For all of GitHub say baton setup github afterwards: it makes an App. A token is enough for issues.');
  for (const place of PLACES) {
    if (!known.includes(place) && !words.has(place.platform.toLowerCase())) continue;
    const step = await askPlace(asking, place);
    if (step.is === 'ended') return step;
  }
  return DONE;
}

const namesOf = ({ first, ways }: Place): readonly string[] => [...first, ...ways.flat()];

async function askPlace(asking: OutsideAsking, place: Place): Promise<Step> {
  const { draft, print } = asking;
  const isSet = (name: string): boolean => draft.value(name) !== undefined;
  const isWhole = (): boolean => place.first.every(isSet) && place.ways.some((way) => way.every(isSet));
  for (const name of namesOf(place)) {
    if (isWhole()) break;
    // Without its address, or the first half of a pair, the rest is not asked for.
    const before = [place.first, ...place.ways].find((group) => group.includes(name)) ?? [];
    const earlier = before.slice(0, before.indexOf(name));
    if (isSet(name) || QUESTIONS[name] === undefined || !earlier.every(isSet)) continue;
    if (!place.first.includes(name) && !place.first.every(isSet)) continue;
    const step = await fill(asking, name, QUESTIONS[name]);
    if (step.is === 'ended') return step;
  }
  if (isWhole()) return settle(asking, place);
  const given = draft.answered().filter((name) => namesOf(place).includes(name));
  draft.unset(...given);
  if (given.length > 0) print(`  ${place.platform} is left out: the other half of it is missing.`);
  return DONE;
}

const problemOf = (name: string, value: string): string | undefined => {
  const problem = SETTINGS.find((setting) => setting.name === name)?.schema?.safeParse(value).error?.issues[0]?.message;
  return problem === undefined ? undefined : `${name} ${problem}`;
};

async function fill(asking: OutsideAsking, name: string, question: string): Promise<Step> {
  const answer = await ask(asking, name, { question, problem: (value) => problemOf(name, value) });
  if (answer.is === 'given') asking.draft.set(name, answer.value);
  return answer.is === 'ended' ? answer : DONE;
}

/** Has it look at what was given, and asks again for what it does not take. */
async function settle(asking: OutsideAsking, place: Place): Promise<Step> {
  const { draft, print } = asking;
  for (;;) {
    const checked = await asking.checkOutside(place.platform);
    const wrong = namesOf(place).find((name) =>
      checked.some(({ finding }) => !finding.ok && isAbout(finding, name) && draft.value(name) !== undefined),
    );
    if (wrong === undefined) return DONE;
    if (!draft.isOurs(wrong) || QUESTIONS[wrong] === undefined) {
      print(`  ${wrong} does not come from .env: mend it where it is set.`);
      return DONE;
    }
    const question = `Another ${wrong}, or Enter to leave it:`;
    const answer = await ask(asking, wrong, { question, problem: (value) => problemOf(wrong, value) });
    if (answer.is === 'ended') return answer;
    if (answer.is === 'given') draft.set(wrong, answer.value);
    if (answer.is !== 'skipped') continue;
    const given = draft.answered().filter((name) => namesOf(place).includes(name));
    draft.unset(...given);
    if (given.length > 0) print(`  ${given.join(' and ')}: left out.`);
    return DONE;
  }
}
