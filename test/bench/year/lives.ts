import { castVotes } from './ballots.ts';
import type { Calendar } from './calendar.ts';
import type { Item, Life, Stage } from './stage.ts';
import { needs, no, ok, refused } from './stage.ts';
import {
  accept, addPage, closeIssue, closeRef, develop, finish, judge, logBug, pairIssue, redevelop, tellStory, tryInFreeze,
} from './steps.ts'; // biome-ignore format: a catalogue

/** The lives of items from their priority on: planned on Tuesday, built on Wednesday, tested on Thursday, released from Monday. */

export function liveOn(stage: Stage, calendar: Calendar, item: Item, week: number): Life {
  const lives = { product, service, web, project };
  return lives[item.kind](stage, calendar, item, week);
}

function* product(stage: Stage, calendar: Calendar, item: Item, week: number): Life {
  const { random, people } = stage;
  const { key, owner } = item;
  yield stage.on(week, 1, 9, 12);
  if (random.chance(0.1)) stage.say(owner, `/done ${key}`, needs('circle', 'roadmap-story', 'architect-sign-off'));
  stage.say(owner, `/circle ${key} create`, ok('recorded', key));
  const told = tellStory(stage, item, owner);
  stage.press(random.pick(people.architect), 'approve', item, ok('signed', key));
  stage.say(owner, `/done ${key}`, ok('done', key));
  yield stage.on(week, 1, 13, 17);
  const lead = random.pick(people['dev-lead']);
  if (random.chance(0.1)) stage.say(lead, `/done ${key}`, needs('stories-paired'));
  const story = pairIssue(stage, item, lead, told);
  stage.say(lead, `/done ${key}`, ok('done', key));
  yield stage.on(week, 2, 9, 17);
  if (item.late) return;
  const developer = develop(stage, item, 'done');
  yield stage.on(week, 3, 9, 12);
  if (random.chance(0.2)) stage.say(developer, `/handover ${key} qa`, needs('released-testnet'));
  stage.say(developer, `/release ${key} testnet`, ok('released', key));
  stage.say(developer, `/handover ${key} qa`, ok('handed-over', key));
  yield stage.on(week, 3, 13, 17);
  for (let day = 4, bug = judge(stage, item); bug !== undefined; day += 1) {
    yield stage.on(week, day, 9, 12);
    closeRef(stage, developer, bug);
    redevelop(stage, item, developer, 'done');
    stage.say(developer, `/release ${key} testnet`, ok('released', key));
    stage.say(developer, `/handover ${key} qa`, ok('handed-over', key));
    yield stage.on(week, day, 13, 17);
    bug = day < 5 ? judge(stage, item) : passAtLast(stage, item);
  }
  stage.say(lead, `/invite ${key}`, ok('invited', key));
  if (random.chance(0.1)) return yield* skipRelease(stage, item, week, lead, story);
  if (random.chance(0.1)) stage.say(random.pick(people.ops), `/release ${key} testnet`, no('forbidden', { key }));
  stage.press(lead, 'release', item, no('usage'));
  stage.say(lead, `/release ${key} mainnet`, ok('requested', key));
  if (calendar.isFrozen(stage.now())) tryInFreeze(stage, item, 'mainnet');
  yield* calendar.untilOpen(stage, week + 1, (by) => stage.say(by, `/release ${key} mainnet`, refused('R2')));
  closeIssue(stage, story);
  finish(stage, item, random.pick(people.ops), `/release ${key} mainnet`, 'released', story);
}

/** A library has nothing to run: the step is left out, with the owner's consent. */
function* skipRelease(
  stage: Stage,
  item: Item,
  week: number,
  lead: string,
  story: { story: string; issue: string },
): Life {
  stage.say(lead, `/skip ${item.key} it is a library`, ok('requested', item.key));
  yield stage.on(week + 1, 0, 9, 12);
  if (stage.random.chance(0.3)) stage.say(item.owner, `/approve ${item.key}`, refused('R5'));
  closeIssue(stage, story);
  closeRef(stage, lead, story.story);
  stage.say(item.owner, `/approve ${item.key}`, { ...ok('skipped', item.key), completed: true });
  item.state = 'completed';
}

function* service(stage: Stage, calendar: Calendar, item: Item, week: number): Life {
  const { random, people } = stage;
  const { key } = item;
  yield stage.on(week, 1, 9, 12);
  const architect = accept(stage, item, people.architect);
  if (random.chance(0.1)) stage.say(architect, `/done ${key}`, needs('roadmap-story'));
  const told = tellStory(stage, item, architect);
  stage.say(architect, `/done ${key}`, ok('done', key));
  yield stage.on(week, 1, 13, 17);
  const lead = random.pick(people['dev-lead']);
  const story = pairIssue(stage, item, lead, told);
  stage.say(lead, `/done ${key}`, ok('done', key));
  yield stage.on(week, 2, 9, 17);
  if (item.late) return;
  const developer = develop(stage, item, 'ops');
  yield stage.on(week, 3, 9, 12);
  let ops = accept(stage, item, people.ops);
  if (random.chance(0.05)) ops = yield* giveBack(stage, item, week, ops, developer);
  if (random.chance(0.3)) stage.say(ops, `/release ${key} testnet`, needs('monitoring'));
  addPage(stage, item, ops, 'monitor');
  stage.say(ops, `/release ${key} testnet`, ok('released', key));
  yield stage.on(week, 3, 13, 17);
  for (let day = 4, bug = judge(stage, item); bug !== undefined; day += 1) {
    yield stage.on(week, day, 9, 12);
    closeRef(stage, developer, bug);
    redevelop(stage, item, developer, 'ops');
    stage.say(ops, `/release ${key} testnet`, ok('released', key));
    yield stage.on(week, day, 13, 17);
    bug = day < 5 ? judge(stage, item) : passAtLast(stage, item);
  }
  if (calendar.isFrozen(stage.now())) tryInFreeze(stage, item, 'mainnet');
  yield* calendar.untilOpen(stage, week + 1, (by) => stage.say(by, `/release ${key} mainnet`, refused('R2')));
  stage.say(ops, `/release ${key} mainnet`, ok('released', key));
  const tester = random.pick(people.qa);
  if (random.chance(0.05)) {
    const bug = logBug(stage, item, tester, 'minor');
    stage.say(tester, `/fail ${key} ${bug}`, ok('failed', key));
    closeRef(stage, ops, bug);
    stage.say(ops, `/release ${key} mainnet`, ok('released', key));
  }
  closeIssue(stage, story);
  finish(stage, item, tester, `/pass ${key}`, 'passed', story);
}

/** OPS returns what does not start; the developers hand it over again. */
function* giveBack(
  stage: Stage,
  item: Item,
  week: number,
  ops: string,
  developer: string,
): Generator<number, string, undefined> {
  const bug = logBug(stage, item, ops, 'minor');
  stage.say(ops, `/return ${item.key} ${bug} it does not start`, ok('returned', item.key));
  yield stage.on(week, 3, 11, 13);
  closeRef(stage, developer, bug);
  stage.say(developer, `/handover ${item.key} ops mended`, ok('handed-over', item.key));
  return accept(stage, item, stage.people.ops);
}

function* web(stage: Stage, calendar: Calendar, item: Item, week: number): Life {
  const { random, people } = stage;
  const { key } = item;
  yield stage.on(week, 1, 9, 12);
  const promoter = accept(stage, item, people.promotion);
  if (random.chance(0.1)) stage.say(promoter, `/handover ${key} web`, needs('story'));
  const told = tellStory(stage, item, promoter);
  stage.say(promoter, `/handover ${key} web over to you`, ok('handed-over', key));
  yield stage.on(week, 1, 13, 17);
  const builder = accept(stage, item, people.web);
  const story = pairIssue(stage, item, builder, told);
  stage.say(builder, `/done ${key}`, ok('done', key));
  yield stage.on(week, 2, 9, 17);
  stage.say(builder, `/handover ${key} ops`, ok('handed-over', key));
  yield stage.on(week, 3, 9, 12);
  const ops = accept(stage, item, people.ops);
  stage.say(ops, `/done ${key}`, needs('stories-implemented'));
  closeIssue(stage, story);
  stage.say(ops, `/done ${key}`, ok('done', key));
  const late = random.chance(0.2);
  for (let push = 1; ; push += 1) {
    stage.say(ops, `/release ${key} staging v1.${push}`, ok('released', key));
    if (calendar.isFrozen(stage.now())) tryInFreeze(stage, item, 'production', { needs: ['approval'] });
    if (late) break;
    yield stage.on(week, 3, 14, 18);
    if (castVotes(stage, item, random.chance(push > 1 ? 0 : 0.1) ? 'reject' : 'approve') === 'approved') break;
    yield stage.on(week, 4, 9, 12);
    stage.say(builder, `/handover ${key} ops`, ok('handed-over', key));
    stage.say(ops, `/done ${key}`, ok('done', key));
  }
  yield* calendar.untilOpen(stage, week + 1, (by) =>
    stage.say(by, `/release ${key} production`, late ? { ...refused('R2'), needs: ['approval'] } : refused('R2')),
  );
  if (late) {
    stage.say(ops, `/release ${key} production`, needs('approval'));
    castVotes(stage, item, 'approve', 0);
  }
  stage.say(ops, `/release ${key} production`, ok('released', key));
  if (random.chance(0.2)) stage.say(ops, `/done ${key}`, { ...refused('R5'), needs: ['monitoring'] });
  addPage(stage, item, ops, 'monitor');
  finish(stage, item, ops, `/done ${key}`, 'done', story);
}

function* project(stage: Stage, calendar: Calendar, item: Item, week: number): Life {
  const { random, people } = stage;
  const { key, owner, team } = item;
  const mate = random.pick(team);
  yield stage.on(week, 1, 9, 12);
  stage.say(owner, `/circle ${key} create`, ok('recorded', key));
  const told = tellStory(stage, item, owner);
  stage.say(owner, `/done ${key}`, ok('done', key));
  stage.say(mate, `/done ${key}`, ok('done', key));
  yield stage.on(week, 1, 13, 17);
  if (random.chance(0.1)) stage.say(mate, `/handover ${key} dev`, needs('stories-paired'));
  const story = pairIssue(stage, item, mate, told);
  stage.say(mate, `/handover ${key} dev`, ok('handed-over', key));
  yield stage.on(week, 2, 9, 17);
  if (item.late) return;
  const developer = develop(stage, item, 'ops');
  yield stage.on(week, 3, 9, 12);
  const ops = accept(stage, item, people.ops);
  stage.say(ops, `/release ${key} testnet`, ok('released', key));
  stage.say(ops, `/handover ${key} qa`, ok('handed-over', key));
  yield stage.on(week, 3, 13, 17);
  for (let day = 4, bug = judge(stage, item); bug !== undefined; day += 1) {
    yield stage.on(week, day, 9, 12);
    closeRef(stage, developer, bug);
    redevelop(stage, item, developer, 'ops');
    stage.say(ops, `/release ${key} testnet`, ok('released', key));
    stage.say(ops, `/handover ${key} qa`, ok('handed-over', key));
    yield stage.on(week, day, 13, 17);
    bug = day < 5 ? judge(stage, item) : passAtLast(stage, item);
  }
  stage.say(random.pick(people.qa), `/handover ${key} project`, ok('handed-over', key));
  stage.say(mate, `/invite ${key}`, ok('invited', key));
  stage.say(mate, `/handover ${key} ops`, ok('handed-over', key));
  if (calendar.isFrozen(stage.now())) tryInFreeze(stage, item, 'mainnet');
  yield* calendar.untilOpen(stage, week + 1, (by) => stage.say(by, `/release ${key} mainnet`, refused('R2')));
  stage.say(ops, `/release ${key} mainnet`, ok('released', key));
  stage.say(ops, `/handover ${key} qa`, ok('handed-over', key));
  closeIssue(stage, story);
  finish(stage, item, random.pick(people.qa), `/pass ${key}`, 'passed', story);
}

function passAtLast(stage: Stage, item: Item): undefined {
  stage.say(accept(stage, item, stage.people.qa), `/pass ${item.key}`, ok('passed', item.key));
  return undefined;
}
