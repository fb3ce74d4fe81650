import type { Calendar } from './calendar.ts';
import { type Life, no, ok, type Stage } from './stage.ts';

/** What goes on beside the items: questions, chatter, alerts, announcements, freezes, roles, test pages, restarts. */

const HOUR = 3_600_000;

export function* ask(stage: Stage): Life {
  const { random, people, items } = stage;
  const everyone = Object.values(people).flat();
  const about = random.pick(items.slice(-200)).key;
  const questions = ['/board', '/board web', '/mine', '/freeze', '/oncall', '/rules', '/agenda', '/help', '/whoami'];
  const words = random.chance(0.5) ? random.pick(questions) : `/${random.pick(['status', 'why', 'history'])} ${about}`;
  if (random.chance(0.02)) stage.say('mallory', '/board', no('forbidden'));
  if (random.chance(0.02)) stage.say(random.pick(everyone), '/prioritize-me', no('unknown-command'));
  if (random.chance(0.02)) stage.say(random.pick(everyone), '/status WEB-99999', no('not-found'));
  stage.say(random.pick(everyone), words, ok('shown'));
  yield* chatter(stage);
}

/** Words that are no command: silence, and for a mention of a developer the hint that R3 gives in private. */
function* chatter(stage: Stage): Life {
  const { random, people } = stage;
  yield stage.now() + 60_000;
  if (!random.chance(0.2)) return;
  const words = random.chance(0.5)
    ? 'Good morning, everybody'
    : `@${random.pick(people.developer)} can you look at this?`;
  stage.put({ as: random.pick(people.staff), say: words, via: 'telegram', in: 'general' }, '(chatter)', ok('silent'));
}

export function* alarm(stage: Stage, calendar: Calendar): Life {
  const { random, people } = stage;
  const severity = random.pick(['critical', 'major', 'minor'] as const);
  const route = calendar.routeOf(stage.now(), severity === 'critical');
  const ref = `baton#${stage.count('issue')}`;
  const key = `ALERT-${stage.count('alert')}`;
  stage.say(
    random.pick(people.staff),
    `/alert ${severity} Nothing answers on the grid`,
    ok(route.held ? 'held' : 'alerted', key),
  );
  if (random.chance(0.1)) stage.say(random.pick(people.staff), `/alert ${severity} ${ref}`, no('already', { key }));
  // A critical one that was held reaches the person on call earlier than OPS; nobody takes it before OPS does.
  yield Math.max(stage.now(), route.by) + 5 * 60_000 + random.int(30 * 60_000);
  if (random.chance(0.1)) stage.say(random.pick(people.developer), `/ack ${key}`, no('forbidden'));
  const ops = random.pick(people.ops);
  stage.say(ops, `/ack ${key}`, ok('acknowledged', key));
  yield stage.now() + HOUR / 2;
  stage.say(ops, `/ack ${key} still looking`, ok('acknowledged', key));
  yield stage.now() + HOUR / 2;
  stage.say(ops, `/resolve ${key} a disk was full`, ok('resolved', key));
  if (random.chance(0.3)) stage.say(ops, `/resolve ${key}`, no('already', { key }));
  stage.say(ops, `/close ${ref}`, ok('closed'));
}

export function* announce(stage: Stage): Life {
  const { random, people } = stage;
  const done = stage.items.filter((item) => item.kind === 'product' && item.state === 'completed');
  if (done.length === 0) return;
  const item = random.pick(done);
  const key = `ANN-${stage.count('announcement')}`;
  const writer = random.pick(people.promotion);
  if (random.chance(0.1))
    stage.say(random.pick(people.qa), `/announce ${item.key} Mine`, no('forbidden', { rule: 'R8' }));
  stage.say(writer, `/announce ${item.key} ${item.key} is there for everybody`, ok('drafted', key));
  const stakeholders = random.shuffle(people.stakeholder).slice(0, Math.floor(people.stakeholder.length / 2) + 1);
  if (random.chance(0.3)) {
    stage.say(stakeholders[0] ?? '', `/approve ${key}`, ok('signed', key));
    stage.say(writer, `/announce ${key} ${item.key} is there, and it is better`, ok('drafted', key));
  }
  yield stage.now() + HOUR;
  for (const person of stakeholders) stage.say(person, `/approve ${key}`, ok('signed', key));
  stage.say(stakeholders[0] ?? '', `/approve ${key}`, no('already', { key }));
  stage.say(random.pick(people.architect), `/approve ${key}`, ok('signed', key));
  stage.say(item.owner, `/approve ${key}`, ok('announced', key));
  stage.say(writer, `/announce ${key} And more`, { ok: false, code: 'refused', rule: 'R8' });
}

/** Somebody of the staff helps with the testing for a week. */
export function* lend(stage: Stage): Life {
  const { random, people } = stage;
  const admin = people.admin[0] ?? '';
  const helper = random.pick(people.staff);
  if (random.chance(0.3)) stage.say(helper, `/role grant qa ${helper}`, no('forbidden'));
  stage.say(admin, `/role grant promotion ${helper}`, ok('granted'));
  yield stage.now() + HOUR;
  stage.say(admin, `/role revoke promotion ${helper}`, ok('revoked'));
}

/** The person on call confirms Thursday's test page; nobody else has one to confirm. */
export function* confirm(stage: Stage, week: number): Life {
  const { people } = stage;
  yield stage.on(week, 3, 16.1, 16.9);
  stage.say(people.ops[week % people.ops.length] ?? '', '/ack test', ok('acknowledged'));
}

export function* holidays(stage: Stage, calendar: Calendar, from: number, until: number): Life {
  const { people } = stage;
  const key = `FREEZE-${stage.count('freeze')}`;
  stage.say(people.developer[0] ?? '', '/freeze declare 2026-12-24 2027-01-03 holidays', no('forbidden'));
  stage.say(people.ops[0] ?? '', '/freeze declare 2026-12-24 2027-01-03 holidays', ok('declared', key));
  calendar.declare(from, until);
  yield stage.now() + HOUR;
  stage.say(people.ops[1] ?? '', '/freeze lift weekly', { ok: false, code: 'refused', rule: 'R2' });
}

/** An incident's freeze, lifted on the same day. */
export function* incident(stage: Stage, calendar: Calendar): Life {
  const { people } = stage;
  const key = `FREEZE-${stage.count('freeze')}`;
  const until = stage.now() + 30 * HOUR;
  stage.say(
    people.ops[0] ?? '',
    `/freeze declare ${stamp(stage.now())} ${stamp(until)} an incident`,
    ok('declared', key),
  );
  const lift = calendar.declare(stage.now(), until);
  yield stage.now() + 4 * HOUR;
  stage.say(people.stakeholder[0] ?? '', `/freeze lift ${key}`, ok('lifted', key));
  lift();
  stage.say(people.stakeholder[0] ?? '', `/freeze lift ${key}`, no('already'));
}

const stamp = (at: number): string => new Date(at).toISOString();
