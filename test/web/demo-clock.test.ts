import { expect, test } from 'vitest';
import type { Engine } from '../../src/shell/engine.ts';
import { createDemoClock, OFFSET } from '../../src/web/demo-clock.ts';

/** The demonstration's clock, on an engine that only has timers. */

function given(start: number, timers: readonly number[], offset = 0) {
  const machine = { at: start, now: () => machine.at };
  const clock = createDemoClock(machine, offset);
  const due = [...timers];
  const fired: number[] = [];
  const meta = new Map<string, string>();
  const store = {
    nextTimer: () => (due[0] === undefined ? undefined : { key: String(due[0]), due: due[0], body: null }),
    setMeta: async (name: string, value: string) => void meta.set(name, value),
  };
  const engine = {
    store,
    nextDue: () => due[0],
    fireDue: async () => {
      fired.push(clock.now());
      due.shift();
      return 1;
    },
  };
  return { machine, clock, fired, meta, due, engine: engine as object as Engine };
}

test('it runs on with real time, ahead by its offset', async () => {
  const { machine, clock, engine, meta } = given(1000, []);
  expect(await clock.moveTo(engine, 5000)).toBe(true);
  expect(clock.now()).toBe(5000);
  machine.at = 1300;
  expect(clock.now()).toBe(5300);
  expect(meta.get(OFFSET)).toBe('4000');
  expect(createDemoClock(machine, 4000).now()).toBe(5300);
});

test('what falls due on the way happens at its own instant, in order', async () => {
  const { clock, engine, fired, due } = given(1000, [1500, 2000, 2000, 9000]);
  await clock.moveTo(engine, 5000);
  expect(fired).toEqual([1500, 2000, 2000]);
  expect(due).toEqual([9000]);
});

test('what was due before is not played in the past', async () => {
  const { clock, engine, fired } = given(1000, [10, 1500]);
  await clock.moveTo(engine, 2000);
  expect(fired).toEqual([1000, 1500]);
});

test('it never goes backwards', async () => {
  const { clock, engine } = given(1000, []);
  expect(await clock.moveTo(engine, 999)).toBe(false);
  expect(clock.now()).toBe(1000);
});

test('a timer that can not be carried out does not hold it up for ever', async () => {
  const { clock, engine, fired } = given(1000, [1500]);
  engine.fireDue = async () => {
    fired.push(clock.now());
    return 1;
  };
  expect(await clock.moveTo(engine, 2000)).toBe(true);
  expect(fired.length).toBeLessThan(10);
  expect(clock.now()).toBe(2000);
});
