import { decide, identify, parse } from '../../../src/core/decide.ts';
import { createDraft, type World } from '../../../src/core/draft.ts';
import { REMINDERS } from '../../../src/core/reminders.ts';

import { decideSystem } from '../../../src/core/system.ts';
import { toCommit } from '../../../src/shell/commit.ts';
import type { Engine } from '../../../src/shell/engine.ts';
import { createWorld, nextReminder } from '../../../src/shell/world.ts';
import type { Reader, StateRow } from '../../../src/store/port.ts';
import { type Bench, compare, median, millisecondsOf, ROUNDS, rate, showBoth, showRatio } from '../harness.ts';
import { openOffice, organisation, people, prepare, START } from '../workload.ts';

/** C4 and C5: the core alone, on states in memory, without any store behind it. */

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

interface Bare {
  readonly engine: Engine;
  world(at: number, actor: string): World;
}

async function bare<T>(run: (parts: Bare) => Promise<T>): Promise<T> {
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

/** A bot that asks one listener after the other whether the message is for it, each in a promise of its own. */
function createList(names: readonly string[]) {
  const listeners = names.slice(0, 40).map((name) => ({
    pattern: new RegExp(`^/${name}(?:@baton)?(?:\\s+(.*))?$`, 'i'),
    call: async (found: RegExpExecArray) => ({ name, rest: found[1] ?? '' }),
  }));
  return {
    /** The bare loop: a regular expression a listener, and the one that matches is called. */
    async bare(text: string) {
      for (const { pattern, call } of listeners) {
        const found = pattern.exec(text);
        if (found !== null) return call(found);
      }
      return undefined;
    },
    /** The same where every listener is asked in turn through an awaited step, as bots with middleware do. */
    async awaited(text: string) {
      let answer: unknown;
      for (const { pattern, call } of listeners) {
        const found = await (async () => pattern.exec(text))();
        if (found !== null) answer = await call(found);
      }
      return answer;
    },
  };
}

export const routing: Bench = {
  name: 'C5',
  run: () =>
    bare(async ({ engine, world }) => {
      const names = [...new Set([...engine.catalogue.commands.values()].map(({ name }) => name))].slice(0, 40);
      const texts = names.map((name) => `/${name} SVC-1 and the rest of it`);
      const list = createList(names);
      const ROUTED = 500 * texts.length;
      const ours = () =>
        rate(ROUTED, async () => {
          for (let n = 0; n < 500; n += 1)
            for (const text of texts) {
              const route = { who: identify(scope, 'staff-1', 'web'), what: parse(engine.catalogue, text) };
              if (typeof route.what === 'string') throw new Error(`${text} is no command`);
            }
        });
      const scope = world(START, 'staff-1');
      const over = (way: 'bare' | 'awaited') => () =>
        rate(ROUTED, async () => {
          for (let n = 0; n < 500; n += 1) for (const text of texts) await list[way](text);
        });
      const awaited = await compare(ours, over('awaited'));
      const plain = await compare(ours, over('bare'));
      const what = (how: string) =>
        `routing among ${names.length} commands: who said it, which command, which words; beside a list of ${names.length} listeners, ${how}`;
      return [
        {
          id: 'C5',
          what: what('each awaited in turn'),
          goal: '≥ 1.5× Hubot, which is not installed here',
          measured: `${showRatio(awaited)}: ${showBoth(awaited, 'messages/s')}`,
          // Met or not is for Hubot itself to say.
          met: undefined,
        },
        {
          id: 'C5-bare',
          what: what('a bare loop of regular expressions'),
          goal: 'none',
          measured: `${showRatio(plain)}: ${showBoth(plain, 'messages/s')}`,
          met: undefined,
        },
      ];
    }),
};
