import { DateTime } from 'luxon';
import { fc } from '../support/chance.ts';
import { checkItems, checkOutbox, checkReleases, checkReplay, must } from './invariants.ts';
import { type Act, play, VERBS } from './model.ts';
import { type Model, type ModelItem, PEOPLE, stepOf, ZONE } from './model-state.ts';
import { closeRefs, createRig, news, type Plant, type Rig, say, waitUntil, wordsOf } from './rig.ts';

/** The commands that fast-check strings together, each checked against the model and against what always holds. */

type Command = fc.AsyncCommand<Model, Rig>;

const command = (name: string, run: (model: Model, rig: Rig) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

/** How often each act was done and refused over all histories: a verb that is never done tests nothing. */
export const tally = new Map<string, { done: number; refused: number }>();

function count(verb: string, done: boolean): void {
  const { done: yes, refused: no } = tally.get(verb) ?? { done: 0, refused: 0 };
  tally.set(verb, done ? { done: yes + 1, refused: no } : { done: yes, refused: no + 1 });
}

async function doAct(model: Model, rig: Rig, act: Act): Promise<void> {
  const before = { ...rig.engine.store.figures(), messages: rig.messages.length };
  const item = model.items[act.item];
  const isClosing = act.verb === 'close-refs';
  const words = wordsOf(model, rig, act);
  if (
    words === undefined &&
    (!isClosing || item === undefined || (item.state !== 'active' && item.state !== 'proposed'))
  )
    return;
  if (isClosing && PEOPLE[act.as] === undefined) return;
  const expected = play(model, act);
  const answer = words === undefined ? undefined : await say(rig, act.as, words);
  const done = answer === undefined ? await closeRefs(rig, act.as, item?.key ?? '') : answer.ok;
  must(done === expected, 'the model disagrees', { act, words, answer: answer?.text, expected });
  count(act.verb, done);
  const events = news(rig);
  const after = rig.engine.store.figures();
  if (!done)
    must(after.events === before.events && after.outbox === before.outbox, 'a refusal left something behind', {
      words,
      events,
    });
  checkReleases(model, events);
  checkOutbox(rig, before.messages, events);
  checkItems(model, rig);
}

const show = ({ as, verb, item, n }: Act): string => `${as} ${verb} ${item} ${n}`;
const sayAct = (act: Act): Command => command(show(act), (model, rig) => doAct(model, rig, act));
/** The same of an item that is ready for it, by somebody who may say it: so that it is more often done than refused. */
const sayFitly = (act: Act): Command =>
  command(`fit ${show(act)}`, (model, rig) => doAct(model, rig, suit(model, act)));

function suit(model: Model, act: Act): Act {
  const ready = model.items.findIndex((item, index) => index >= act.item % 2 && isReady(item, act.verb));
  const n = act.verb === 'lift' ? act.n % Math.max(1, model.freezes.length) : act.n;
  const item = ready < 0 ? act.item : ready;
  return { ...act, n, item, as: whoMay(model, { ...act, item, n }) };
}

function isReady(item: ModelItem, verb: string): boolean {
  if (item.state !== 'proposed' && item.state !== 'active') return false;
  const { kind, to, environment } = stepOf(item);
  if (/^(approve|reject|abstain)/.test(verb)) return item.vote !== null;
  if (/^(pass|fail)/.test(verb)) return kind === 'test';
  if (/^hand/.test(verb)) return `hand-${to}` === verb;
  if (/^(testnet|staging|mainnet|production)/.test(verb)) return environment === verb;
  return verb === 'done' ? kind === 'work' : verb === 'prioritise' ? kind === 'decide' : true;
}

function whoMay(model: Model, { as, verb, item: index, n }: Act): string {
  const item = model.items[index];
  const team = item === undefined ? '' : stepOf(item).owner;
  if (/^(approve|reject|abstain|prioritise|call|declare|lift|drop)/.test(verb)) return `s${1 + (n % 4)}`;
  if (/^(grant|revoke)/.test(verb)) return 'adm';
  if (/^(testnet|staging|mainnet|production|docs|monitor)/.test(verb)) return n % 2 === 0 ? 'o1' : 'o2';
  if (/^(done|hand|pass|fail)/.test(verb)) return Object.keys(PEOPLE).find((id) => PEOPLE[id] === team) ?? as;
  return as;
}

/** Whatever brings an item forward, said by whoever may: so that histories reach the last steps. */
const goOn = (index: number): Command =>
  command(`go ${index}`, (model, rig) => doAct(model, rig, nextAct(model, index)));

/** The other thing that could be said where it stands: a no, a failed test, or the same by somebody who may not. */
const goWrongWay = (index: number): Command =>
  command(`turn ${index}`, (model, rig) => {
    const act = nextAct(model, index);
    if (act.verb === 'pass') return doAct(model, rig, { ...act, verb: 'fail' });
    if (act.verb === 'approve') return doAct(model, rig, { ...act, verb: index % 2 === 0 ? 'reject' : 'abstain' });
    return doAct(model, rig, { ...act, as: 'd1' });
  });

function nextAct(model: Model, index: number): Act {
  const item = model.items[index];
  const act = (as: string, verb: Act['verb']): Act => ({ as, verb, item: index, n: index });
  if (item === undefined || item.state === 'dropped' || item.state === 'rejected' || item.state === 'completed')
    return index % 2 === 0 ? act('p1', 'propose-web') : act('b1', 'propose-service');
  if (item.at < 2 && model.call === null) return act('s1', 'call-open');
  if (item.kind === 'web' && !item.stated) return act(item.proposer, 'state');
  const voter = nextVoter(item);
  if (voter !== undefined) return act(voter, 'approve');
  if (item.at === 1) return act('s1', 'prioritise');
  if (item.stories === 0) return act('x1', 'story');
  if (item.paired < item.stories && item.at > 2) return act('l1', 'pair');
  if (!item.docs) return act('o1', 'docs');
  if (!item.monitor) return act('o1', 'monitor');
  if (item.open.size > 0 && item.at > 6) return act('x1', 'close-refs');
  const { kind, owner, to, environment } = stepOf(item);
  const person = Object.keys(PEOPLE).find((id) => PEOPLE[id] === owner) ?? 'o1';
  if (kind === 'handover') return act(person, to === 'web' ? 'hand-web' : 'hand-ops');
  if (kind === 'release') return act('o1', VERBS.find((verb) => verb === environment) ?? 'staging');
  return act(person, kind === 'test' ? 'pass' : 'done');
}

const nextVoter = ({ vote }: ModelItem): string | undefined =>
  vote === null ? undefined : [...vote.electorate].find((id) => vote.ballots.get(id) !== 'approve');

const EDGES = ['Wed 23:59:59', 'Thu 00:00:00', 'Sun 23:59:59', 'Mon 00:00:00'] as const;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const waitFor = (how: number | (typeof EDGES)[number]): Command =>
  command(`wait ${how}`, async (model, rig) => {
    const messages = rig.messages.length;
    const until = typeof how === 'number' ? rig.now + how * 60_000 : edgeAfter(rig.now, how);
    await waitUntil(rig, until);
    model.now = until;
    if (model.call !== null && until >= model.call.at + 4 * 3_600_000) model.call = null;
    const events = news(rig);
    checkReleases(model, events);
    checkOutbox(rig, messages, events);
    checkItems(model, rig);
  });

function edgeAfter(now: number, edge: string): number {
  const [day = '', time = ''] = edge.split(' ');
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  const local = DateTime.fromMillis(now, { zone: ZONE });
  const at = local.set({
    weekday: WEEKDAYS.indexOf(day) === 6 ? 7 : ((WEEKDAYS.indexOf(day) + 1) as 1),
    hour,
    minute,
    second,
    millisecond: 0,
  });
  return (at.toMillis() > now ? at : at.plus({ weeks: 1 })).toMillis();
}

/** A message that comes again, now or much later: nothing changes, and the answer is the one that was given. */
const sayAgain = (n: number): Command =>
  command(`again ${n}`, async (_model, rig) => {
    const [id, said] = [...rig.said].at(-1 - (n % Math.max(1, Math.min(rig.said.size, 20)))) ?? [];
    if (id === undefined || said === undefined || /^\/(board|xyzzy)/.test(said.text)) return;
    const before = rig.engine.store.figures();
    const answer = await rig.engine.handle(
      { as: said.as, via: 'web', place: null, text: said.text, pressed: false },
      id,
    );
    const after = rig.engine.store.figures();
    must(JSON.stringify(answer) === JSON.stringify(said.answer), 'a redelivery got another answer', [
      said.text,
      answer.text,
    ]);
    must(JSON.stringify(before) === JSON.stringify(after), 'a redelivery changed something', said.text);
  });

/** A work that goes wrong beside one that does not: nothing of it is kept, neither event nor message. */
const goWrong = command('go wrong', async (_model, rig) => {
  const before = rig.engine.store.figures();
  const event = {
    stream: 'item/WEB-1',
    version: 999_999,
    type: 'agreed',
    at: rig.now,
    actor: 'system',
    via: 'test',
    data: {},
  };
  const row = {
    kind: 'hint',
    lane: 'answer',
    to: { person: 's1' },
    key: null,
    at: rig.now,
    late: false,
    body: {},
  } as const;
  const nothing = { events: [], states: [], outbox: [], timers: [], cleared: [], mirrors: [], outcome: null };
  const [wrong] = await rig.engine.store.write([
    { decide: () => ({ ...nothing, events: [event], outbox: [row] }) },
    { decide: () => nothing },
  ]);
  must(wrong?.result === 'fault', 'a wrong version was written');
  must(JSON.stringify(before) === JSON.stringify(rig.engine.store.figures()), 'a fault left something behind');
});

const items = fc.nat({ max: 4 });
const acts = fc.record({
  as: fc.constantFrom(...Object.keys(PEOPLE), 'mallory'),
  verb: fc.constantFrom(...VERBS),
  item: items,
  n: fc.nat({ max: 100 }),
});
const waits = fc.oneof(fc.constantFrom(...EDGES), fc.constantFrom(1, 60, 300, 1440));

export interface Case {
  /** How far the first items are before anything else happens. */
  readonly ahead: readonly number[];
  readonly commands: Iterable<Command>;
}

export const cases = (size: number): fc.Arbitrary<Case> =>
  fc.record({
    ahead: fc.array(fc.constantFrom(0, 6, 12, 18, 20, 22, 24, 26, 30), { minLength: 2, maxLength: 3 }),
    commands: fc.commands(
      [
        acts.map(sayAct),
        acts.map(sayFitly),
        acts.map(sayFitly),
        items.map(goOn),
        items.map(goOn),
        items.map(goWrongWay),
        waits.map(waitFor),
        fc.nat({ max: 100 }).map(sayAgain),
        fc.constant(goWrong),
      ],
      { maxCommands: size, size: 'max' },
    ),
  });

/** One history: the first items are brought forward, then the commands; at the end everything is replayed. */
export async function playCase({ ahead, commands }: Case, plant: Plant = {}): Promise<void> {
  const { model, rig } = await createRig(plant);
  try {
    for (const [index, steps] of ahead.entries())
      for (let n = 0; n <= steps; n += 1) await doAct(model, rig, nextAct(model, index));
    await fc.asyncModelRun(() => ({ model, real: rig }), commands);
    checkReplay(rig);
  } finally {
    await rig.engine.store.close();
  }
}
