import type { Item, Stage } from './stage.ts';
import { no, ok } from './stage.ts';

/** A vote of the stakeholders by a tally of its own: strictly more than half of them, each with one vote. */
export function castVotes(stage: Stage, item: Item, mood: 'approve' | 'reject', doubts = 0.1): 'approved' | 'rejected' {
  const { random, people } = stage;
  const electorate = people.stakeholder;
  const needed = Math.floor(electorate.length / 2) + 1;
  const ballots = new Map<string, string>();
  const has = (choice: string) => [...ballots.values()].filter((each) => each === choice).length;
  const other = mood === 'approve' ? 'reject' : 'approve';

  function cast(voter: string, choice: string): 'approved' | 'rejected' | undefined {
    const why = choice === 'reject' ? 'it comes too early' : '';
    const words = `/${choice} ${item.key} ${why}`.trim();
    if (ballots.get(voter) === choice) {
      stage.say(voter, words, no('already', { key: item.key }));
      return undefined;
    }
    ballots.set(voter, choice);
    const lost = has('approve') + electorate.length - ballots.size < needed;
    const result = has('approve') >= needed ? 'approved' : lost ? 'rejected' : undefined;
    const expected = ok(result ?? 'voted', item.key);
    if (random.chance(0.5)) stage.press(voter, choice, item, expected, why);
    else stage.say(voter, words, expected);
    return result;
  }

  for (const voter of random.shuffle(electorate)) {
    const result = cast(voter, random.chance(doubts) ? random.pick([other, 'abstain']) : mood);
    if (result !== undefined) return result;
    // Somebody says it twice, or thinks again: the last word counts.
    if (!random.chance(0.05)) continue;
    const again = cast(random.pick([...ballots.keys()]), mood);
    if (again !== undefined) return again;
  }
  throw new Error(`the vote on ${item.key} ended without a result`);
}
