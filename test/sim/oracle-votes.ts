import { isDeepStrictEqual } from 'node:util';
import type { ItemState } from '../../src/core/item.ts';
import { resultOf, tallyOf, type Vote } from '../../src/core/vote.ts';
import type { EventRow } from '../../src/store/port.ts';
import { fold } from '../properties/engine.ts';

/** I4: one person has one vote, and every vote is what its events add up to, counted by hand. */
export function checkVotes(events: readonly EventRow[], violation: (what: string) => Error): void {
  const counted = recount(events);
  for (const item of itemsOf(events))
    for (const vote of item.votes) {
      const name = `${item.key} ${vote.id}`;
      const found = counted.get(name);
      if (found === undefined) throw violation(`nobody opened the vote ${name}`);
      if (!isDeepStrictEqual(Object.fromEntries(found.ballots), { ...vote.ballots }))
        throw violation(`the tally of ${name} is not its recount`);
      const electorate = vote.groups.flatMap((group) => group.electorate);
      if (!isDeepStrictEqual([...found.electorate].sort(), [...electorate].sort()))
        throw violation(`the electorate of ${name} is not its recount`);
      checkTally(name, vote, violation);
    }
}

function checkTally(name: string, vote: Vote, violation: (what: string) => Error): void {
  const { approve, reject, abstain, missing } = tallyOf(vote);
  const all = [...approve, ...reject, ...abstain, ...missing];
  if (new Set(all).size !== all.length) throw violation(`somebody is counted twice in ${name}`);
  if (vote.result === null && resultOf(vote) !== null) throw violation(`the vote ${name} is decided, and open`);
}

/** Each item as the fold of its events: what the file holds beside them is compared with that elsewhere (I2). */
function itemsOf(events: readonly EventRow[]): readonly ItemState[] {
  const items = new Map<string, unknown>();
  for (const event of events)
    if (event.stream.startsWith('item/')) items.set(event.stream, fold('item', items.get(event.stream), event).state);
  return [...items.values()] as readonly ItemState[];
}

interface Counted {
  readonly electorate: string[];
  readonly ballots: Map<string, string>;
}

function recount(events: readonly EventRow[]): Map<string, Counted> {
  const votes = new Map<string, Counted>();
  for (const { stream, type, data } of events) {
    const { vote, groups, person, choice } = data as Readonly<Record<string, unknown>>;
    const name = `${stream.slice(5)} ${String(vote)}`;
    const counted = votes.get(name);
    if (type === 'vote-opened') {
      const electorate = (groups as { electorate: string[] }[]).flatMap((group) => group.electorate);
      votes.set(name, { electorate, ballots: new Map() });
    } else if (type === 'ballot-cast') counted?.ballots.set(String(person), String(choice));
    else if (type === 'elector-left' && counted !== undefined) {
      counted.electorate.splice(counted.electorate.indexOf(String(person)), 1);
      counted.ballots.delete(String(person));
    }
  }
  return votes;
}
