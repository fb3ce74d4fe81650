import { castVotes } from './ballots.ts';
import type { Calendar } from './calendar.ts';
import { liveOn } from './lives.ts';
import { type Item, type KINDS, type Life, needs, no, ok, refused, type Stage } from './stage.ts';

/** Proposals over the week, and the stakeholders' call on Monday that decides them. */

const PREFIX = { product: 'PROD', service: 'SVC', web: 'WEB', project: 'PRJ' } as const;
const SHARES = [
  ...Array(7).fill('product'),
  ...Array(5).fill('service'),
  ...Array(5).fill('web'),
  ...Array(3).fill('project'),
] as readonly (typeof KINDS)[number][];

export interface Agenda {
  items: Item[];
  /** The item of the last round that was not developed in time. */
  late: Item | undefined;
  rank: number;
}

export function* propose(stage: Stage, agenda: Agenda): Life {
  const { random, people } = stage;
  const kind = random.pick(SHARES);
  const proposer = random.chance(0.3)
    ? random.pick(people.stakeholder)
    : random.pick(kind === 'web' ? people.promotion : people.bizdev);
  if (random.chance(0.02)) stage.say(random.pick(people.qa), `/propose ${kind} Not mine to propose`, no('forbidden'));
  const key = `${PREFIX[kind]}-${stage.count(kind)}`;
  const item: Item = { key, kind, proposer, state: 'proposed', owner: proposer, team: [], stated: false, late: false };
  stage.say(proposer, `/propose ${kind} The work that is called ${key}`, ok('proposed', key));
  stage.items.push(item);
  agenda.items.push(item);
  if (kind === 'web' && random.chance(0.8)) state(stage, item);
  yield stage.now() + 60_000;
  if (random.chance(0.1)) stage.say(random.pick(people.stakeholder), `/approve ${key}`, refused('R12'));
  if (random.chance(0.03)) stage.say(random.pick(people.developer), `/approve ${key}`, no('forbidden'));
  const other = random.pick(people.stakeholder.filter((id) => id !== proposer));
  if (random.chance(0.03)) stage.say(other, `/drop ${key} not now`, refused('R12'));
}

function state(stage: Stage, item: Item): void {
  stage.say(item.proposer, `/link ${item.key} https://cryptpad.example.org/pad/${item.key}`, ok('linked', item.key));
  item.stated = true;
}

/** Friday's plan: the agenda goes out an hour before the call. */
// biome-ignore lint/correctness/useYield: it happens at one instant
export function* plan(stage: Stage): Life {
  stage.say(stage.random.pick(stage.people.stakeholder), '/call plan Mon 14:00', ok('planned'));
}

/** One call: agreements and priorities, and R11 where the last round is not developed. */
export function* hold(stage: Stage, calendar: Calendar, agenda: Agenda, week: number): Life {
  const { random, people } = stage;
  const chair = random.pick(people.stakeholder);
  if (random.chance(0.1)) stage.say(random.pick(people.developer), '/call open', no('forbidden'));
  stage.say(chair, '/call open', ok('opened'));
  if (random.chance(0.1)) stage.say(chair, '/call open', no('already'));
  const decided: Item[] = [];
  const { items } = agenda;
  agenda.items = [];
  for (const item of items) {
    yield stage.now() + 20_000;
    if (item.kind === 'web' && !item.stated) {
      stage.say(chair, `/approve ${item.key}`, needs('statement-link'));
      state(stage, item);
    }
    if (castVotes(stage, item, random.chance(0.06) ? 'reject' : 'approve') === 'rejected') {
      item.state = 'rejected';
      if (random.chance(0.2)) stage.say(chair, `/approve ${item.key}`, no('already'));
      continue;
    }
    item.state = 'active';
    if (random.chance(0.05)) stage.say(chair, `/approve ${item.key}`, no('already'));
    if (agenda.late !== undefined) dropLate(stage, agenda, item, chair);
    prioritise(stage, agenda, item, chair);
    decided.push(item);
  }
  if (random.chance(0.5)) agenda.late = decided.find((item) => item.kind !== 'web');
  if (agenda.late !== undefined) agenda.late.late = true;
  for (const item of decided) stage.start(stage.now() + 1_000, liveOn(stage, calendar, item, week));
  if (random.chance(0.15)) {
    // Nobody closes it: it closes by itself after four hours.
    yield stage.on(week, 1, 9, 10);
    return stage.say(chair, '/call close', no('already'));
  }
  stage.say(chair, '/call close', ok('closed'));
}

function dropLate(stage: Stage, agenda: Agenda, item: Item, chair: string): void {
  const { late } = agenda;
  if (late === undefined) return;
  stage.say(chair, `/prioritise ${item.key} ${agenda.rank + 1}${who(stage, item)}`, refused('R11'));
  stage.say(chair, `/drop ${late.key} it can wait no longer`, ok('dropped', late.key));
  late.state = 'dropped';
  agenda.late = undefined;
}

function who(stage: Stage, item: Item): string {
  const { random, people } = stage;
  if (item.kind === 'service' || item.kind === 'web') return '';
  item.owner = random.pick(people.owners);
  if (item.kind === 'product') return ` owner ${item.owner}`;
  item.team = random.shuffle(people.staff).slice(0, 3);
  return ` owner ${item.owner} team ${item.team.join(' ')}`;
}

function prioritise(stage: Stage, agenda: Agenda, item: Item, chair: string): void {
  const { random, people } = stage;
  // Most come behind the others; some before them, which moves those down.
  agenda.rank += 1;
  const rank = random.chance(0.1) ? Math.max(1, agenda.rank - 1 - random.int(10)) : agenda.rank;
  if (random.chance(0.02)) stage.say(random.pick(people.web), `/prioritise ${item.key} ${rank}`, no('forbidden'));
  if (item.kind === 'product' && random.chance(0.05)) stage.say(chair, `/prioritise ${item.key} ${rank}`, no('usage'));
  stage.say(chair, `/prioritise ${item.key} ${rank}${who(stage, item)}`, ok('prioritised', item.key));
  if (!random.chance(0.03)) return;
  stage.say(random.pick(people.stakeholder), `/object ${item.key} the budget comes first`, ok('objected', item.key));
  for (const voter of people.stakeholder.slice(0, Math.floor(people.stakeholder.length / 2) + 1))
    stage.say(
      voter,
      `/approve ${item.key}`,
      ok(voter === people.stakeholder[Math.floor(people.stakeholder.length / 2)] ? 'approved' : 'voted', item.key),
    );
}
