import type { Engine } from '../../src/shell/engine.ts';
import { openEngine, organisationOf } from '../properties/engine.ts';
import { createPeople, fileOf } from './year/people.ts';

/** Conversations that go on for ever: each carries one item round and round, and votes on another in between. */

export const people = createPeople(200);
export const organisation = organisationOf(fileOf(people));
/** Monday 16 November 2026, 15:00 in Brussels: OPS works, nothing is frozen. */
export const START = Date.parse('2026-11-16T15:00:00+01:00');

export interface Office {
  readonly engine: Engine;
  readonly clock: { at: number };
  say(as: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export async function openOffice(path: string, given = organisation): Promise<Office> {
  const clock = { at: START };
  const engine = await openEngine({ organisation: given, clock: { now: () => clock.at }, path });
  let count = engine.store.figures().events;
  return {
    engine,
    clock,
    say: async (as, text) => {
      count += 1;
      clock.at += 1;
      const answer = await engine.handle(
        { as, via: 'web', place: null, text, pressed: false },
        `bench:${count}:${clock.at}`,
      );
      if (!answer.ok) throw new Error(`${as} ${text}: ${answer.text}`);
    },
    close: () => engine.store.close(),
  };
}

export interface Conversation {
  readonly item: string;
  next(): { readonly as: string; readonly text: string };
}

const at = (list: readonly string[], n: number): string => list[n % list.length] ?? '';

/** Brings `count` services to their implementation, and leaves as many with an open vote. */
export async function prepare(office: Office, count: number): Promise<Conversation[]> {
  const { say, engine } = office;
  const [chair = ''] = people.stakeholder;
  const numbers = Array.from({ length: count }, (_, n) => n);
  const made = engine.world().get('counter', 'SVC')?.n ?? 0;
  const stories = engine.world().get('counter', 'baton/us:')?.n ?? 0;
  const keys = numbers.map((n) => `SVC-${made + 1 + n}`);
  const others = numbers.map((n) => `SVC-${made + 1 + count + n}`);
  for (const key of [...keys, ...others])
    await say(at(people.bizdev, 0), `/propose service The work that is called ${key}`);
  if (engine.world().get('calls', 'all')?.open == null) await say(chair, '/call open');
  for (const [n, key] of keys.entries()) {
    for (const voter of people.stakeholder.slice(0, 4)) await say(voter, `/approve ${key}`);
    await say(chair, `/prioritise ${key} ${n + 1}`);
  }
  for (const [n, key] of keys.entries()) {
    await say(at(people.architect, n), `/story ${key} What is wanted`);
    await say(at(people.architect, n), `/done ${key}`);
    await say(at(people['dev-lead'], n), `/link ${key} baton/us:${stories + n + 1} example/grid#${stories + n + 1}`);
    await say(at(people['dev-lead'], n), `/done ${key}`);
    await say(at(people.ops, n), `/docs ${key} https://docs.example.org/${key}`);
    await say(at(people.ops, n), `/monitor ${key} https://monitor.example.org/${key}`);
  }
  return keys.map((key, n) => converse(key, others[n] ?? '', n, `example/grid#${stories + n + 1}`));
}

/** Eight commands: four that move the baton, four ballots. In the mean they are as heavy as those of the synthetic year. */
function converse(key: string, other: string, n: number, issue: string): Conversation {
  let turn = 0;
  const moves = [
    { as: at(people.developer, n), text: `/accept ${key}` },
    { as: at(people.developer, n), text: `/handover ${key} ops` },
    { as: at(people.ops, n), text: `/release ${key} testnet` },
    { as: at(people.qa, n), text: `/fail ${key} ${issue} not yet` },
  ];
  return {
    item: key,
    next() {
      turn += 1;
      const move = moves[((turn - 1) >> 1) % moves.length];
      if (turn % 2 === 1 && move !== undefined) return move;
      // Three of seven voters, who think again and again: the vote stays open.
      const ballot = (turn >> 1) - 1;
      const choice = Math.floor(ballot / 3) % 2 === 0 ? 'abstain' : 'approve';
      return { as: at(people.stakeholder, ballot % 3), text: `/${choice} ${other}` };
    },
  };
}
