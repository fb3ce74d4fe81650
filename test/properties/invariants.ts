import { isDeepStrictEqual } from 'node:util';
import type { ItemState } from '../../src/core/item.ts';
import { resultOf, tallyOf, type Vote } from '../../src/core/vote.ts';
import type { EventRow } from '../../src/store/port.ts';
import { fold } from './engine.ts';
import { frozenAt, type Model, ROLES } from './model-state.ts';
import type { Rig } from './rig.ts';

/** What must hold whatever was said. Each failure begins with the name of its property. */

export function must(holds: boolean, property: string, details: unknown = ''): void {
  if (!holds) throw new Error(`${property}: ${typeof details === 'string' ? details : JSON.stringify(details)}`);
}

const dataOf = (event: EventRow): Readonly<Record<string, unknown>> => event.data as Readonly<Record<string, unknown>>;

/** No release on mainnet or production inside a freeze, or by another than OPS. */
export function checkReleases(model: Model, events: readonly EventRow[]): void {
  for (const event of events) {
    const { environment, by } = dataOf(event);
    if (event.type !== 'released' || (environment !== 'mainnet' && environment !== 'production')) continue;
    must(!frozenAt(event.at, model.freezes), 'released inside a freeze', event);
    must(ROLES.get(String(by)) === 'ops', 'released by another than OPS', event);
  }
}

/** One person has one vote: every vote of an item is what its events add up to, counted by hand. */
function checkVotes(rig: Rig, item: ItemState): void {
  const votes = recount(rig.engine.store.history(`item/${item.key}`));
  for (const vote of item.votes) {
    const counted = votes.get(vote.id);
    const electorate = vote.groups.flatMap((group) => group.electorate);
    must(counted !== undefined, 'a vote that nobody opened', vote);
    if (counted === undefined) continue;
    must(
      isDeepStrictEqual([...counted.electorate].sort(), [...electorate].sort()),
      'the electorate is not its recount',
      vote,
    );
    must(
      isDeepStrictEqual(Object.fromEntries(counted.ballots), { ...vote.ballots }),
      'the tally is not its recount',
      vote,
    );
    must(vote.result === null || vote.result === counted.result, 'a result that was not recorded', vote);
    checkTally(vote);
  }
}

function checkTally(vote: Vote): void {
  const { approve, reject, abstain, missing, needed } = tallyOf(vote);
  const all = [...approve, ...reject, ...abstain, ...missing];
  must(new Set(all).size === all.length, 'somebody is counted twice', vote);
  const open = approve.length < needed && approve.length + missing.length >= needed;
  must(vote.result !== null || open === (resultOf(vote) === null), 'a vote is open although it is decided', vote);
}

interface Counted {
  readonly electorate: Set<string>;
  readonly ballots: Map<string, string>;
  result: unknown;
}

function recount(events: readonly EventRow[]): Map<string, Counted> {
  const votes = new Map<string, Counted>();
  for (const event of events) {
    const { vote, groups, person, choice, result } = dataOf(event);
    const counted = votes.get(String(vote));
    if (event.type === 'vote-opened') {
      const electorate = (groups as { electorate: string[] }[]).flatMap((group) => group.electorate);
      votes.set(String(vote), { electorate: new Set(electorate), ballots: new Map(), result: null });
    } else if (event.type === 'ballot-cast') counted?.ballots.set(String(person), String(choice));
    else if (event.type === 'vote-closed' && counted !== undefined) counted.result = result;
    else if (event.type === 'elector-left') {
      counted?.electorate.delete(String(person));
      counted?.ballots.delete(String(person));
    }
  }
  return votes;
}

/** The engine's items stand where the model has them. */
export function checkItems(model: Model, rig: Rig): void {
  for (const item of model.items) {
    const real = rig.engine.world().get('item', item.key);
    must(real !== undefined, 'an item is lost', item.key);
    if (real === undefined) continue;
    must(real.state === item.state && real.stepNumber === item.at + 1, 'the item stands elsewhere', {
      model: [item.key, item.state, item.at + 1],
      engine: [real.state, real.step, real.stepNumber],
    });
    const open = real.votes.find((vote) => vote.result === null);
    must((open === undefined) === (item.vote === null), 'a vote is open in one and not in the other', item.key);
    if (open !== undefined && item.vote !== null)
      must(
        isDeepStrictEqual({ ...open.ballots }, Object.fromEntries(item.vote.ballots)),
        'the tally is not the model’s',
        item.key,
      );
    checkVotes(rig, real);
  }
}

/** Folding the events up to any commit gives the state that was recorded with that commit. */
export function checkReplay(rig: Rig): void {
  const { store } = rig.engine;
  for (const [stream, snapshots] of rig.snapshots) {
    const type = stream.split('/')[0] ?? '';
    let state: unknown;
    let matched = 0;
    for (const event of store.history(stream)) {
      const folded = fold(type, state, event);
      state = folded.state;
      const kept = snapshots.get(event.version);
      if (kept === undefined) continue;
      matched += 1;
      must(JSON.stringify({ open: folded.open, state }) === kept, 'the fold is not the state row', [
        stream,
        event.version,
      ]);
    }
    must(matched === snapshots.size, 'a state without its events', stream);
  }
}

/** Messages were told exactly once, are in the store, and belong to an event of the same instant. */
export function checkOutbox(rig: Rig, messages: number, events: readonly EventRow[]): void {
  const rows = rig.messages.slice(messages);
  const instants = new Set(events.map((event) => event.at));
  for (const row of rows) must(instants.has(row.at), 'a message without its event', row);
  const { outbox } = rig.engine.store.figures();
  must(outbox === rig.messages.length, 'the outbox is not what was told', [outbox, rig.messages.length]);
  const opened = events.filter((event) => event.type === 'vote-opened' || event.type === 'completed').length;
  must(opened === 0 || rows.length > 0, 'an event without its messages', events);
}
