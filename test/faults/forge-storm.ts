import { createRandom, type Random } from '../bench/year/random.ts';
import type { Issue, Repo, User } from '../peers/github/world.ts';
import type { User as Member, Thing } from '../peers/taiga/world.ts';
import { type ForgeWorld, MINUTE } from './forge-world.ts';

/** People at work on GitHub and in Circles, as a seed has it: the same seed, the same work, whatever becomes of its webhooks. */

/** Counts of commands: those that were said, and those that are none. */
export interface Storm {
  /** Titles that a comment asked for. */
  readonly said: readonly string[];
  /** Titles that stand in words which are no command, or became one only afterwards. */
  readonly never: readonly string[];
  readonly issues: () => readonly { readonly repo: Repo; readonly issue: Issue }[];
  readonly things: () => readonly Thing[];
  /** Taken away in Circles: it is nowhere to be asked for. */
  readonly removed: readonly string[];
  step(): void;
}

const LABELS = ['critical', 'major', 'minor', 'bug', 'help wanted'];
const PEOPLE = ['dave-gh', 'lea-gh', 'wim-gh', 'quinn-gh'];

interface Stage {
  readonly random: Random;
  readonly world: ForgeWorld;
  readonly member: Member;
  readonly removed: string[];
  readonly said: string[];
  readonly never: string[];
  readonly user: () => User;
  readonly issues: () => readonly { readonly repo: Repo; readonly issue: Issue }[];
  readonly things: () => readonly Thing[];
}

/** As the bot names it. */
export const refOfThing = ({ project, kind, ref }: Thing): string =>
  `${project.slug}/${kind === 'userstory' ? 'us' : kind}:${ref}`;

export function createStorm(seed: number, world: ForgeWorld): Storm {
  const random = createRandom(seed);
  const { github, circles } = world.whole;
  const repos = ['example/grid', 'example/web'].map(github.repo);
  const stage: Stage = {
    random,
    world,
    member: circles.member('mia'),
    removed: [],
    said: [],
    never: [],
    user: () => github.user(random.pick(PEOPLE)),
    issues: () =>
      repos.flatMap((repo) => repo.issues.flatMap((issue) => (issue.gone === undefined ? [{ repo, issue }] : []))),
    things: () => [...circles.peer.world.things.userstory, ...circles.peer.world.things.issue],
  };
  for (const repo of repos)
    for (let n = 1; n <= 4; n += 1) github.open(repo, stage.user(), { title: `${repo.name} ${n}` });
  for (let n = 1; n <= 4; n += 1) circles.peer.add('userstory', circles.grid, stage.member, { subject: `Story ${n}` });
  const { said, never, issues, things, removed } = stage;
  return {
    said,
    never,
    issues,
    things,
    removed,
    step: () => (random.chance(0.55) ? onGithub(stage) : inCircles(stage)),
  };
}

function onGithub({ random, world, user, issues, said, never }: Stage): void {
  const { github } = world.whole;
  const { repo, issue } = random.pick(issues());
  switch (random.int(11)) {
    case 0:
      return void github.open(repo, user(), {
        title: `New ${world.whole.now()}`,
        labels: random.chance(0.5) ? ['bug'] : ['critical'],
      });
    case 1:
    case 2:
      return github.turn(repo, issue, user(), issue.state === 'open' ? 'closed' : 'open');
    case 3:
    case 4:
      return github.label(repo, issue, user(), [random.pick(LABELS)]);
    case 5:
      // By somebody who may lower a severity: what others take away stays, and then we are not equal on purpose.
      return issue.labels[0] === undefined
        ? undefined
        : github.unlabel(repo, issue, github.user('lea-gh'), random.pick(issue.labels));
    case 6:
      return github.rename(repo, issue, user(), `${issue.title.slice(0, 60)}, ${random.int(100)}`);
    case 7: {
      const title = `Said ${said.length}`;
      said.push(title);
      return void github.comment(repo, issue, user(), `/bug minor ${title}`);
    }
    case 8: {
      // Only words at first, and made into a command afterwards.
      const title = `Never ${never.length}`;
      never.push(title);
      const comment = github.comment(repo, issue, user(), 'I looked at it.');
      return github.edit(repo, issue, comment, `/bug minor ${title}`);
    }
    case 9:
      return issues().length < 6 ? undefined : github.remove(repo, issue, user());
    default: {
      const to = github.repo(repo.name === 'example/grid' ? 'example/web' : 'example/grid');
      return void github.transfer(repo, issue, user(), to);
    }
  }
}

function inCircles({ random, world, member, things, removed }: Stage): void {
  const { peer, grid } = world.whole.circles;
  const stories = things().filter(({ kind }) => kind === 'userstory');
  const story = random.pick(stories);
  const tasks = peer.world.things.task.filter(({ fields }) => fields.user_story === story.id);
  switch (random.int(9)) {
    case 0:
      return void peer.add('userstory', grid, member, { subject: `Story ${world.whole.now()}` });
    case 1:
    case 2:
      return peer.moveTo(story, member, random.pick(['new', 'ready', 'in-progress', 'done']));
    case 3:
      return peer.drag(story, member, random.pick(['new', 'ready', 'in-progress', 'done']));
    case 4:
      return void peer.add('task', grid, member, { subject: 'A task', user_story: story.id });
    case 5:
      // The last one closes the story with it, and nothing is told of that.
      for (const task of tasks) peer.moveTo(task, member, 'closed');
      return;
    case 6:
      return peer.edit(story, member, { subject: `${String(story.fields.subject).slice(0, 60)}, ${random.int(100)}` });
    case 7:
      return void peer.add('issue', grid, member, { subject: `Found ${world.whole.now()}` });
    default: {
      if (stories.length < 4 || tasks.length > 0) return;
      removed.push(refOfThing(story));
      return peer.remove(story, member);
    }
  }
}

/** Minutes of work, with a comparison now and then, as there is one every five minutes. */
export async function work(world: ForgeWorld, storm: Storm, steps: number): Promise<void> {
  for (let n = 0; n < steps; n += 1) {
    storm.step();
    await world.whole.advance(MINUTE);
    if (n % 10 === 9) await world.whole.reconcile();
  }
}
