import { decide } from '../../../src/core/decide.ts';
import { createDraft, type World } from '../../../src/core/draft.ts';
import { REMINDERS } from '../../../src/core/reminders.ts';

import { decideSystem } from '../../../src/core/system.ts';
import { toCommit } from '../../../src/shell/commit.ts';
import type { Engine } from '../../../src/shell/engine.ts';
import { createWorld, nextReminder } from '../../../src/shell/world.ts';
import type { Reader, StateRow } from '../../../src/store/port.ts';
import { type Bench, median, millisecondsOf, ROUNDS, rate } from '../harness.ts';
import { openOffice, organisation, people, prepare, START } from '../workload.ts';

/** C4: the core alone, on states in memory, without any store behind it. */

/** Everything that the store holds, as plain maps. */
function stub(engine: Engine): Reader {
  const { store } = engine;
  const states = new Map<string, StateRow>();
  for (let seq = 0, events = store.events(0, 1000); events.length > 0; events = store.events(seq, 1000))
    for (const event of events) {
      const row = store.state(event.stream);
      if (row !== undefined) states.set(event.stream, row);
      seq = event.seq;
    }
  const lists = new Map<string, StateRow[]>();
  for (const row of states.values()) if (row.open) lists.set(row.type, [...(lists.get(row.type) ?? []), row]);
  return {
    state: (stream) => states.get(stream),
    open: (type) => lists.get(type) ?? [],
    mirror: () => undefined,
    history: () => [],
  };
}

export interface Bare {
  readonly engine: Engine;
  world(at: number, actor: string): World;
}

export async function bare<T>(run: (parts: Bare) => Promise<T>): Promise<T> {
  const office = await openOffice(':memory:');
  await prepare(office, 64);
  const { engine } = office;
  const read = stub(engine);
  const result = await run({ engine, world: (at, actor) => createWorld(engine.policies, read, at, actor) });
  await office.close();
  return result;
}

const at = (list: readonly string[], n: number): string => list[n % list.length] ?? '';

/** What is decided, over and over on the same states: what is done and what a rule or a need refuses. */
function inputs() {
  return Array.from({ length: 64 }, (_, n) => [
    { as: at(people.developer, n), text: `/accept SVC-${n + 1}` },
    { as: at(people.developer, n), text: `/handover SVC-${n + 1} ops all is green` },
    { as: at(people.ops, n), text: `/release SVC-${n + 1} mainnet` },
    { as: at(people.stakeholder, n), text: `/approve SVC-${n + 65}` },
    { as: at(people.developer, n), text: `/release SVC-${n + 1} mainnet` },
    { as: at(people.qa, n), text: `/pass SVC-${n + 1}` },
  ])
    .flat()
    .map((each) => ({ ...each, via: 'web', place: null, pressed: false }));
}

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;
const EDGES = [0, 3 * 24 - 1 / 3600, 3 * 24, 7 * 24 - 1 / 3600, 7 * 24].map((hours) => hours * HOUR);

/** The week of the rules: every reminder at its instants with all that it says, and the freeze at both of its edges. */
function playWeek({ engine, world }: Bare): number {
  const monday = Date.parse('2026-11-16T00:00:00+01:00');
  let said = 0;
  for (const name of Object.keys(REMINDERS)) {
    for (
      let due = nextReminder(organisation, name, monday - 1);
      due !== undefined && due < monday + WEEK;
      due = nextReminder(organisation, name, due)
    ) {
      const draft = createDraft(world(due, 'system'));
      decideSystem(draft, { do: 'remind', name }, due);
      said += toCommit(draft, { via: 'timer', outcome: null }).outbox.length;
    }
  }
  for (const edge of EDGES)
    for (const environment of ['mainnet', 'production']) {
      const as = at(people.ops, 0);
      const input = { as, via: 'web', place: null, text: `/release SVC-1 ${environment}`, pressed: false };
      said += decide(world(monday + edge, as), engine.catalogue, input).outcome.ok ? 1 : 0;
    }
  return said;
}

export const pure: Bench = {
  name: 'C4',
  run: () =>
    bare(async (parts) => {
      const { engine, world } = parts;
      const all = inputs();
      const count = all.length * 40;
      const decideAll = () =>
        rate(count, () => {
          for (let n = 0; n < 40; n += 1)
            for (const input of all) decide(world(START, input.as), engine.catalogue, input);
        });
      await decideAll();
      const rates: number[] = [];
      const weeks: number[] = [];
      playWeek(parts);
      for (let round = 0; round < ROUNDS; round += 1) {
        rates.push(await decideAll());
        weeks.push(await millisecondsOf(() => playWeek(parts)));
      }
      const show = (values: readonly number[]) =>
        `${Math.round(median(values)).toLocaleString('en')} (${Math.round(Math.min(...values)).toLocaleString('en')}–${Math.round(Math.max(...values)).toLocaleString('en')})`;
      return [
        {
          id: 'C4',
          what: 'pure decide with every rule, no store',
          goal: '≥ 50,000/s',
          measured: `${show(rates)}/s`,
          met: median(rates) >= 50_000,
        },
        {
          id: 'C4-week',
          what: 'the whole week of reminders and freezes, pure',
          goal: '< 50 ms',
          measured: `${show(weeks)} ms`,
          met: median(weeks) < 50,
        },
      ];
    }),
};
