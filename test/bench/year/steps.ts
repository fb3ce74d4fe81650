import type { Expected, Item, Stage } from './stage.ts';
import { needs, no, ok, refused } from './stage.ts';

/** What happens to items of every kind, said by whoever may say it. */

export interface Story {
  readonly story: string;
  readonly issue: string;
}

/** A story of the embedded tracker, linked to the item; who says it holds or owns it. */
export function tellStory(stage: Stage, item: Item, by: string): string {
  const story = `baton/us:${stage.count('story')}`;
  stage.say(by, `/story ${item.key} What the users of ${item.key} want`, ok('logged', item.key));
  return story;
}

/** An issue on GitHub, opened there and paired with the story. */
export function pairIssue(stage: Stage, item: Item, by: string, story: string): Story {
  const number = stage.count('github');
  stage.put(githubIssue('opened', number), '(github)', ok('received'));
  stage.say(by, `/link ${item.key} ${story} example/grid#${number}`, ok('linked', item.key));
  return { story, issue: `example/grid#${number}` };
}

function githubIssue(action: 'opened' | 'closed', number: number): object {
  return {
    event: 'github',
    name: 'issues',
    payload: {
      action,
      issue: { number, title: `Issue ${number}`, state: action === 'opened' ? 'open' : 'closed', labels: [] },
      repository: { full_name: 'example/grid' },
      sender: { login: 'somebody' },
    },
  };
}

export const closeIssue = (stage: Stage, { issue }: Story): void =>
  stage.put(githubIssue('closed', Number(issue.split('#')[1])), '(github)', ok('received'));

export const closeRef = (stage: Stage, by: string, ref: string): void => stage.say(by, `/close ${ref}`, ok('closed'));

export function logBug(stage: Stage, item: Item, by: string, severity: 'critical' | 'major' | 'minor'): string {
  const ref = `baton#${stage.count('issue')}`;
  stage.say(by, `/bug ${severity} ${item.key} It does not work`, ok('logged', item.key));
  return ref;
}

/** Whoever takes it first holds it; who comes second is told by whom. */
export function accept(stage: Stage, item: Item, team: readonly string[]): string {
  const [person = '', other = ''] = stage.random.shuffle(team);
  stage.say(person, `/accept ${item.key}`, ok('accepted', item.key));
  if (stage.random.chance(0.1)) stage.say(other, `/accept ${item.key}`, no('already', { key: item.key }));
  return person;
}

/** A documentation or monitoring page; now and then it does not answer at first. */
export function addPage(stage: Stage, item: Item, by: string, command: 'docs' | 'monitor'): void {
  const url = `https://docs.example.org/${command}/${item.key.toLowerCase()}`;
  const words = `/${command} ${item.key} ${url}`;
  if (stage.random.chance(0.05)) {
    stage.put({ probe: url, answers: 404 }, '(probe)', ok('noted'));
    stage.say(by, words, needs('answers'));
    stage.put({ probe: url, answers: 200 }, '(probe)', ok('noted'));
  }
  stage.say(by, words, ok('recorded', item.key));
}

/** The working step of the developers: taken, documented, and done or handed over. */
export function develop(stage: Stage, item: Item, end: 'done' | 'ops'): string {
  const { random, people } = stage;
  const developer = accept(stage, item, people.developer);
  if (random.chance(0.1)) stage.say(developer, `/done ${item.key}`, needs('documentation'));
  if (random.chance(0.03)) stage.say(random.pick(people.qa), `/done ${item.key}`, no('forbidden', { key: item.key }));
  addPage(stage, item, developer, 'docs');
  redevelop(stage, item, developer, end);
  return developer;
}

export function redevelop(stage: Stage, item: Item, developer: string, end: 'done' | 'ops'): void {
  if (end === 'done') stage.say(developer, `/done ${item.key}`, ok('done', item.key));
  else stage.say(developer, `/handover ${item.key} ops`, ok('handed-over', item.key));
}

/** The test's verdict: the reference of what failed, or undefined when it passed. */
export function judge(stage: Stage, item: Item): string | undefined {
  const { random, people } = stage;
  const tester = accept(stage, item, people.qa);
  if (random.chance(0.15)) {
    const bug = logBug(stage, item, tester, random.chance(0.5) ? 'major' : 'minor');
    stage.say(tester, `/fail ${item.key} ${bug} it does not work`, ok('failed', item.key));
    return bug;
  }
  if (random.chance(0.1)) {
    const severity = random.chance(0.2) ? 'critical' : 'major';
    const bug = logBug(stage, item, tester, severity);
    const alert = severity === 'critical' ? `ALERT-${stage.count('alert')}` : undefined;
    stage.say(tester, `/pass ${item.key}`, needs('no-serious-issue'));
    if (alert !== undefined) stage.say(random.pick(people.ops), `/ack ${alert}`, ok('acknowledged', alert));
    closeRef(stage, tester, bug);
    if (alert !== undefined) stage.say(random.pick(people.ops), `/ack ${alert}`, no('already', { key: alert }));
  }
  stage.say(tester, `/pass ${item.key}`, ok('passed', item.key));
  return undefined;
}

/** Pushes that must not get through: inside the freeze, or by somebody else. */
export function tryInFreeze(
  stage: Stage,
  item: Item,
  environment: 'mainnet' | 'production',
  more: Expected = {},
): void {
  const { random, people } = stage;
  const words = `/release ${item.key} ${environment}`;
  if (random.chance(0.3)) stage.say(random.pick(people.ops), words, { ...refused('R2'), ...more });
  if (random.chance(0.1)) stage.say(random.pick(people.developer), words, no('forbidden', { rule: 'R1' }));
}

/** The last command of an item, refused while something of it is open and then carried out. */
export function finish(stage: Stage, item: Item, by: string, words: string, code: string, story: Story): void {
  if (stage.random.chance(0.1)) stage.say(by, words, refused('R5'));
  closeRef(stage, by, story.story);
  stage.say(by, words, { ...ok(code, item.key), completed: true });
  item.state = 'completed';
}
