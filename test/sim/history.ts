import { createHash } from 'node:crypto';
import { frozenUntil } from '../../src/core/calendar.ts';
import { declaredFreezes } from '../../src/core/draft.ts';
import { createChance } from './chance.ts';
import type { Deploying } from './github-deployments.ts';
import { Violation } from './monitor.ts';
import { checkEnd, checkOpened } from './oracle.ts';
import { emergencyItem, pressed, spoken } from './people.ts';
import type { Plan, Say, Step } from './plan.ts';
import type { Plant } from './plants.ts';
import { noteEnd } from './situations.ts';
import { createStage, PLATFORMS, type Stage } from './stage.ts';
import { templateOf } from './template.ts';

/** One history, from its plan to its end: what was said, what went wrong, and whether everything held. */

export interface Played {
  readonly seed: number;
  readonly problem: Violation | undefined;
  /** What happened, line by line; and what it comes down to. */
  readonly lines: readonly string[];
  readonly hash: string;
  readonly situations: ReadonlyMap<string, number>;
  readonly events: number;
  readonly steps: number;
}

const SETTLED = 60_000;
const LOOK = 5_000;
const MOST_STEPS = 400_000;

export async function playHistory(plan: Plan, folder: string, plant?: Plant): Promise<Played> {
  const template = await templateOf(plan.beginning, folder);
  const stage = createStage({
    folder, plant, ...template,
    chance: createChance(plan.seed ^ 0x5bd1e995),
    synchronous: plant?.synchronous ?? 'full',
    onOpened: checkOpened,
  }); // biome-ignore format: a list
  const isOver = (): boolean => stage.problem() !== undefined || stage.loop.steps() > MOST_STEPS;
  try {
    stage.start();
    for (const step of plan.steps) {
      await stage.loop.play(step.at + 1_000, isOver);
      if (isOver()) break;
      stage.loop.touch();
      take(stage, step);
    }
    if (!isOver()) await settle(stage, isOver);
    if (!isOver()) {
      checkEnd(stage);
      noteEnd(stage, template.at);
    }
  } catch (error) {
    stage.report(error instanceof Violation ? error : new Violation('history', wordsOf(error)));
  }
  const events = stage.ledger.counts.events;
  stage.end();
  const { lines, situations } = stage;
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);
  return { seed: plan.seed, problem: stage.problem(), lines, hash, situations, events, steps: stage.loop.steps() };
}

const wordsOf = (error: unknown): string => String(error instanceof Error ? error.stack : error);

/** The faults stop; the platforms bring what they still have; then everything has a minute. */
async function settle(stage: Stage, isOver: () => boolean): Promise<void> {
  const { loop, networks, slack } = stage;
  const { isUp } = stage;
  // What was to die has its occasion still, also at a start.
  while (!isOver() && !isUp()) await loop.play(loop.now() + 1_000, isOver);
  await loop.play(Math.max(loop.now() + 5_000, stage.leaptUntil()), isOver);
  stage.mortality.disarm();
  reassure(stage);
  const troubled = (): boolean => PLATFORMS.some((name) => networks[name].troubledUntil() > loop.now());
  while (!isOver() && (troubled() || !isUp() || slack.waiting() > 0)) {
    await loop.play(Math.max(loop.now() + 1_000, ...PLATFORMS.map((name) => networks[name].troubledUntil())), isOver);
  }
  stage.trace('calm');
  stage.github.calm();
  loop.touch();
  for (let waited = 0; waited < SETTLED && !isOver(); waited += LOOK) {
    await loop.play(loop.now() + LOOK, isOver);
    loop.touch();
  }
  await loop.play(loop.now() + 1, isOver);
  const compared = { is: false };
  void stage
    .bot()
    ?.connections.reconcile()
    .then(() => {
      compared.is = true;
    });
  await loop.play(loop.now() + 30_000, () => isOver() || compared.is);
  // What was only found by comparing has its minute as well.
  for (let waited = 0; waited < SETTLED && !isOver() && isWaiting(stage); waited += LOOK) {
    await loop.play(loop.now() + LOOK, isOver);
    loop.touch();
  }
}

const isWaiting = ({ db, bot }: Stage): boolean =>
  bot() !== undefined &&
  db().prepare("select 1 from outbox where state in ('new', 'sending', 'uncertain')").get() !== undefined;

function take(stage: Stage, step: Step): void {
  const { trace, loop, networks } = stage;
  switch (step.do) {
    case 'say': {
      const { incoming, words } = spoken(stage, step) ?? {};
      if (incoming === undefined || words === undefined) return;
      noteMeeting(stage, step, words);
      trace(`${words}${step.twice && step.on === 'slack' ? ' (twice)' : ''}`);
      if (step.on === 'telegram') stage.telegram.put(incoming);
      else if (step.isCommand) stage.slack.ask(incoming, step.twice);
      else stage.slack.write(incoming, step.twice);
      return;
    }
    case 'press': {
      const { incoming, words } = pressed(stage, step) ?? {};
      if (incoming === undefined || words === undefined) return;
      trace(`${words}${step.times > 1 ? ' (double click)' : ''}`);
      if (step.times > 1) stage.met('a double click');
      if (step.isOld) stage.met('an old button');
      for (let times = 0; times < step.times; times += 1)
        if (step.on === 'telegram') stage.telegram.put(incoming);
        else stage.slack.ask(incoming, false);
      return;
    }
    case 'weather':
      trace(`${step.on} is ${step.is} for ${step.lasts}`);
      networks[step.on].turn(step.is, step.lasts, step.after);
      if (step.lasts >= 600_000) stage.met('a long outage');
      return void loop.after(step.lasts, loop.touch);
    case 'crash':
      trace(`to die ${step.crash.place} ${step.crash.point} #${step.crash.nth}`);
      return stage.mortality.arm(step.crash);
    case 'stop':
      if (stage.bot() !== undefined) void stop(stage, step.down);
      return;
    case 'leap':
      trace(`the clock leaps by ${step.by}`);
      stage.met('a clock that leaps');
      stage.leap(step.by);
      return void loop.after(SOMEBODY_LOOKS, () => reassure(stage));
    case 'issue': {
      const ref = step.n === 'the emergency' ? emergencyIssue(stage) : `example/web#${step.n + 1}`;
      trace(`${ref} is ${step.open ? 'opened' : 'closed'} on GitHub`);
      return stage.github.turn(ref, step.open);
    }
    case 'deploy':
      return stage.github.deploy(deploymentOf(step));
    case 'full':
      return fill(stage, step.lasts);
    case 'shut':
      return shut(stage, step);
    default:
      return step satisfies never;
  }
}

function emergencyIssue(stage: Stage): string {
  const world = stage.lastBot()?.engine.world();
  return (world === undefined ? undefined : emergencyItem(world)?.emergency?.emergency) ?? 'example/web#9';
}

const DEPLOYERS = ['olga-gh', 'omar-gh', 'olga-gh', 'omar-gh', 'dave-gh', 'a-stranger'] as const;
/** Who deploys what. The same commit may be deployed by several, and again. */
function deploymentOf({ n, asks, takes }: Extract<Step, { do: 'deploy' }>): Deploying {
  const version = Math.floor(n / 6) % 3 === 2 ? 2 : 1;
  return {
    by: DEPLOYERS[n % DEPLOYERS.length] ?? 'olga-gh',
    version: `v${version}`,
    sha: String(version).repeat(40),
    asks,
    takes,
  };
}

/** What was said of releases and freezes last, to see what meets. */
const said = new WeakMap<Stage, Map<string, number>>();
function noteMeeting(stage: Stage, { verb }: Say, words: string): void {
  const last = said.get(stage) ?? new Map<string, number>();
  said.set(stage, last);
  const isRecent = (what: string, within: number): boolean =>
    stage.loop.now() - (last.get(what) ?? Number.NEGATIVE_INFINITY) < within;
  const what = verb === 'release' ? words.replace(/^.*\//, '') : verb;
  if (verb === 'release' && isRecent(what, 1_000)) stage.met('two releases at once');
  if (verb === 'release' && isRecent('freeze', 4_001)) stage.met('a release beside a freeze');
  last.set(what, stage.loop.now());
  const world = stage.lastBot()?.engine.world();
  if (verb === 'emergency' && world !== undefined)
    if (frozenUntil(world.organisation, declaredFreezes(world), stage.now()) === undefined)
      stage.met('an emergency outside a freeze');
}

async function stop(stage: Stage, down: number): Promise<void> {
  stage.trace(`to stop, for ${down}`);
  if (await stage.stop()) stage.loop.after(down, stage.start);
}

const SOMEBODY_LOOKS = 20_000;
/** Whoever runs it says that the clock is right: until then nothing is decided. */
function reassure(stage: Stage): void {
  const safe = stage.bot()?.safe;
  if (safe?.doubt()?.cause !== 'clock') return;
  stage.met('safe mode for a clock that stepped');
  stage.trace('the clock is right');
  void safe.leave('olga');
}

/** The disk takes no more, for a while. */
function fill({ db, loop, trace, met, bot }: Stage, lasts: number): void {
  if (bot() === undefined) return;
  trace(`the disk is full for ${lasts}`);
  met('a full disk');
  const full = db();
  full.pragma(`max_page_count = ${Number(full.pragma('page_count', { simple: true }))}`);
  loop.after(lasts, () => {
    if (full.open) full.pragma('max_page_count = 1000000');
  });
}

/** Somebody takes the bot out of a conversation. */
function shut({ chats, loop, trace, met }: Stage, { on, n, lasts }: Extract<Step, { do: 'shut' }>): void {
  const { messages } = chats[on].state;
  const chat = messages[n % Math.max(1, messages.length)]?.chat;
  if (chat === undefined) return;
  trace(`${on}:${chat} is shut for ${lasts}`);
  met('a conversation that is shut');
  chats[on].closed.add(chat);
  loop.after(lasts, () => void chats[on].closed.delete(chat));
}
