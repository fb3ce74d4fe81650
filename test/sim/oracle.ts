import type { Database } from 'better-sqlite3';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import type { OutboxState } from '../../src/store/port.ts';
import { verifyStore } from '../../src/store/verify.ts';
import { fold } from '../properties/engine.ts';
import { type Counts, type Ledger, Violation } from './monitor.ts';
import { checkReleases } from './oracle-releases.ts';
import { checkVotes } from './oracle-votes.ts';
import { SECRET } from './people.ts';
import { COUNTS, type PeerStates, type Stage } from './stage.ts';

/** What must hold whatever happened: asked of the file itself, beside everything that the process says of it. */

function must(holds: boolean, invariant: string, what: () => string): void {
  if (!holds) throw new Violation(invariant, what());
}

const TERMINAL: ReadonlySet<OutboxState> = new Set(['sent', 'failed', 'expired']);

/** A file that was opened after its process had died: all that anybody was told is in it. */
export function checkOpened(stage: Stage, isFirst: boolean): void {
  const db = stage.db();
  if (isFirst) return takeOver(db, stage.ledger);
  checkCounts(db, stage.ledger);
  checkInbox(db, stage.ledger, stage.peers);
  checkRows(db, stage.ledger);
  checkFile(stage);
}

const countsIn = (db: Database): Counts => db.prepare<[], Counts>(COUNTS).get() ?? { events: 0, outbox: 0 };

/** Where the file stands at the beginning. */
function takeOver(db: Database, ledger: Ledger): void {
  ledger.counts = countsIn(db);
  for (const { id, state } of rowsOf(db)) ledger.rows.set(id, state);
}

/** The chain, the folds, and the file as such. */
function checkFile(stage: Stage): void {
  const { ok, problems } = verifyStore(stage.disk.path(), { fold: FOLD_VERSION, evolve: fold });
  if (ok) return;
  const [first = ''] = problems;
  throw new Violation(
    /^state/.test(first) ? 'I2' : /chain|missing|version|changed/.test(first) ? 'I7' : 'I11',
    problems.join('; '),
  );
}

function checkCounts(db: Database, ledger: Ledger): void {
  const { events, outbox } = countsIn(db);
  const { counts, pending } = ledger;
  const known = events === counts.events && outbox === counts.outbox;
  const whole =
    pending !== undefined && events === counts.events + pending.events && outbox === counts.outbox + pending.outbox;
  const there = `${events} events and ${outbox} messages are there, ${counts.events} and ${counts.outbox} were committed`;
  const more = pending === undefined ? '' : `, ${pending.events} and ${pending.outbox} were under way`;
  must(events >= counts.events && outbox >= counts.outbox, 'P8', () => `what was committed is lost: ${there}${more}`);
  must(known || whole, 'I3', () => `${there}${more}`);
  ledger.counts = { events, outbox };
  ledger.pending = undefined;
}

/** I1 and I8: what a platform was told that we have, and what the shell was told that it is decided. */
function checkInbox(db: Database, ledger: Ledger, peers: PeerStates): void {
  const rows = db.prepare<[], { key: string; state: string }>('select key, state from inbox').all();
  const states = new Map(rows.map(({ key, state }) => [key, state]));
  const confirmed = [
    ...peers.telegram.confirmed.map((id) => `telegram:${id}`),
    ...peers.slack.acknowledged,
    ...peers.github.taken,
  ];
  for (const id of confirmed) must(states.has(id), 'I8', () => `${id} was confirmed, and is not there`);
  for (const id of ledger.received) must(states.has(id), 'P1', () => `${id} was stored, and is not there`);
  for (const id of ledger.decided)
    must(states.get(id) === 'done', 'P8', () => `${id} was decided, and is ${states.get(id)}`);
  for (const [id, state] of states) must(state !== 'parked', 'fault', () => `${id} is parked`);
  const offset = db.prepare("select value from meta where name = 'telegram.bookmark'").pluck().get();
  for (let id = 1; id < Number(offset ?? 0); id += 1)
    must(
      states.has(`telegram:${id}`) || peers.telegram.forgotten > 0,
      'I8',
      () => `the offset is ${offset}, and ${id} is not there`,
    );
}

interface Row {
  readonly id: number;
  readonly kind: string;
  readonly address: string | null;
  readonly state: OutboxState;
  readonly reason: string | null;
  readonly at: number;
  readonly body: string;
}
const rowsOf = (db: Database): readonly Row[] =>
  db.prepare<[], Row>('select id, kind, address, state, reason, at, body from outbox').all();

/** I3: what was told of a message's end stays so. */
function checkRows(db: Database, ledger: Ledger): void {
  for (const { id, state } of rowsOf(db)) {
    const known = ledger.rows.get(id);
    if (known !== undefined && TERMINAL.has(known))
      must(state === known, 'P8', () => `message ${id} was ${known}, and is ${state}`);
    // What was under way may have arrived: the next process looks.
    ledger.rows.set(id, state === 'sending' ? 'uncertain' : state);
  }
}

/** At the end, when everything has had its time. */
export function checkEnd(stage: Stage): void {
  const db = stage.db();
  checkCounts(db, stage.ledger);
  checkInbox(db, stage.ledger, stage.peers);
  checkDrained(stage);
  checkArrived(stage);
  checkPeers(stage);
  const engine = stage.bot()?.engine;
  if (engine !== undefined) {
    const events = engine.store.events(0, 1_000_000);
    const made = (sha: string): readonly number[] =>
      stage.peers.github.deployments.flatMap((each) =>
        each.sha === sha && each.made !== undefined ? [each.made] : [],
      );
    checkReleases(engine.policies.organisation, events, (what) => new Violation('I5', what), made);
    checkVotes(events, (what) => new Violation('I4', what));
  }
  checkSecrets(stage);
  checkFile(stage);
}

/** I9: what somebody pasted stands in no table, and nowhere on a platform where we wrote. */
function checkSecrets(stage: Stage): void {
  must(!stage.db().serialize().includes(SECRET), 'I9', () => 'a secret that was pasted is in the database');
  const { chats, github } = stage.peers;
  const isSaid = JSON.stringify([chats.telegram.messages, chats.slack.messages, github.issues]).includes(SECRET);
  must(!isSaid, 'I9', () => 'a secret that was pasted was said again');
}

/** I12: nothing waits any more. */
function checkDrained(stage: Stage): void {
  const db = stage.db();
  const now = stage.now();
  for (const { id, kind, address, state, reason } of rowsOf(db))
    must(TERMINAL.has(state), 'I12', () => `message ${id} (${kind} to ${address}) is ${state}: ${reason}`);
  const open = db.prepare("select key from inbox where state = 'new'").pluck().all();
  must(open.length === 0, 'I12', () => `not decided: ${open.join(', ')}`);
  const late = db
    .prepare<[number], string>('select key from timers where due <= ?')
    .pluck()
    .all(now - 2_000);
  must(late.length === 0, 'I12', () => `timers that are due: ${late.join(', ')}`);
  must(stage.telegram.waiting() === 0, 'I12', () => `${stage.telegram.waiting()} updates were not taken`);
}

/** P3: what is written down as sent was sent. */
function checkArrived(stage: Stage): void {
  const { chats, github } = stage.peers;
  for (const { id, kind, address, state, reason, body } of rowsOf(stage.db())) {
    if (state !== 'sent' || address === null) continue;
    const [platform] = address.split(':');
    if (platform === 'github') {
      const { marker } = JSON.parse(body) as { marker: string };
      must((github.done[marker] ?? 0) > 0, 'P3', () => `the job ${id} is done, and GitHub saw none of it`);
    }
    if ((platform !== 'telegram' && platform !== 'slack') || reason !== null) continue;
    const times = chats[platform].arrived[String(id)] ?? 0;
    must(times > 0, 'P3', () => `message ${id} (${kind} to ${address}) is sent, and never arrived`);
    // Slack can be asked: there nothing arrives twice.
    if (times > 1) must(platform !== 'slack', 'P3', () => `message ${id} (${kind}) arrived ${times} times on Slack`);
    if (times > 1) stage.met('a double on Telegram');
  }
}

function checkPeers({ peers, networks, bot, ledger }: Stage): void {
  for (const [marker, refs] of Object.entries(peers.github.made))
    must(refs.length === 1, 'P2', () => `the job ${marker} was done ${refs.length} times: ${refs.join(', ')}`);
  // A question is not written down: it is answered as things stand.
  const twice = peers.slack.contradictions.find((id) => ledger.decided.has(id));
  must(twice === undefined, 'I1', () => `${twice ?? ''} was answered in two ways`);
  for (const [name, { hurried }] of Object.entries(networks))
    must(hurried() === 0, 'pace', () => `${hurried()} calls to ${name} while it wanted none`);
  const world = bot()?.engine.world();
  for (const { ref, open } of peers.github.issues) {
    const known = world?.get('ref', ref);
    if (known !== undefined)
      must(known.open === open, 'mirror', () => `${ref} is ${open ? 'open' : 'closed'}, and known otherwise`);
  }
}
