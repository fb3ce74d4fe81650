import { expect, test, vi } from 'vitest';
import { tally } from '../../support/tally.ts';
import { site, toProduction } from '../../time/site.ts';
import { createMachine, findFaketime, firedTwice, type Machine } from './machine.ts';

/**
 * The clock of the machine leaps, drifts, and starts in another age, under the real process. WEB-1 waits for its
 * release on production since Monday 23 November 2026; from Thursday 00:00 until Monday 00:00 is the freeze.
 */

const library = findFaketime();
const BEFORE = toProduction('Mon 23 Nov 10:00');
const at = (day: number, time: string): number => Date.parse(`2026-11-${String(day).padStart(2, '0')}T${time}+01:00`);
const THURSDAY = at(26, '12:00:00');

async function machineAt(when: string | number, before: string | undefined = BEFORE): Promise<Machine> {
  const machine = await createMachine(library ?? '', site(), before);
  machine.set(when);
  await machine.start();
  return machine;
}

const release = (machine: Machine) => machine.say('olga', '/release WEB-1 production');
const fired = (machine: Machine, name: string) =>
  machine.events().filter(({ type, data }) => type === 'reminder-fired' && data.name === name).length;

/** It has stopped: nothing is decided, whatever the hour seems to be; OPS is told; questions are answered. */
async function expectStopped(machine: Machine, words: RegExp): Promise<void> {
  await machine.heard('ops', words);
  const before = machine.events().length;
  expect(await release(machine)).toMatchObject({ ok: false, text: expect.stringContaining('I am in safe mode') });
  expect(await machine.say('olga', '/status WEB-1')).toMatchObject({ ok: true });
  expect(await machine.healthy()).toBe(503);
  expect(await machine.negatives()).toEqual([]);
  expect(machine.events().length).toBe(before);
}

async function leave(machine: Machine): Promise<void> {
  const left = await machine.baton('doctor', '--leave-safe-mode');
  expect(left).toMatchObject({ code: 0, stdout: 'Safe mode is over; everything goes on.\n' });
  expect(await machine.healthy()).toBe(200);
}

/** In the end: nothing came twice, nothing is dated before the other, and the file is whole. */
async function expectWhole(machine: Machine): Promise<void> {
  expect(firedTwice(machine.events())).toEqual([]);
  expect((await machine.stop()).code).toBe(0);
  expect((await machine.baton('verify')).code).toBe(0);
}

test.skipIf(library === undefined)('a clock that leaps four days on, out of a freeze, opens nothing', async () => {
  const machine = await machineAt(THURSDAY);
  expect(await release(machine)).toMatchObject({ ok: false, text: expect.stringContaining('Mon 30 Nov 00:00') });
  const before = machine.events();
  machine.set(at(30, '12:00:00'));
  await expectStopped(machine, /I am in safe mode: the clock of the machine stepped by 57\d\d minutes/);
  const since = machine.events().slice(before.length);
  expect(since.map(({ type }) => type)).toEqual(['safe-mode-entered']);
  expect(since[0]?.at).toBeLessThan(THURSDAY + 60_000);

  machine.set(at(26, '12:01:00'));
  await leave(machine);
  expect(await release(machine)).toMatchObject({ ok: false, text: expect.stringContaining('Mon 30 Nov 00:00') });
  // To a later century while it runs, too.
  machine.set('2040-02-07T12:00:00Z');
  await expectStopped(machine, /I am in safe mode: the clock of the machine stepped by 69\d{5} minutes/);
  machine.set(at(30, '00:00:05'));
  await leave(machine);
  expect(await release(machine)).toMatchObject({ ok: true });
  await expectWhole(machine);
  tally('fault', 'the clock leaps days on', 2);
});

test.skipIf(library === undefined)('a clock that leaps two hours back fires nothing for the second time', async () => {
  const machine = await machineAt(at(26, '15:59:57'));
  await vi.waitFor(() => expect(fired(machine, 'page-test')).toBe(1), 15_000);
  const asked = await machine.say('dev', '/alert critical The node is down');
  expect(asked.ok).toBe(true);
  machine.set(machine.now() - 2 * 3_600_000);
  await expectStopped(machine, /I am in safe mode: the clock of the machine stepped by -1(19|20) minutes/);
  machine.set(at(26, '15:59:57'));
  await leave(machine);
  await vi.waitFor(() => expect(machine.now()).toBeGreaterThan(at(26, '16:00:02')), 15_000);
  // Whatever is due is carried out before a command is.
  expect(await machine.say('olga', '/ack ALERT-1')).toMatchObject({ ok: true });
  expect(fired(machine, 'page-test')).toBe(1);
  await expectWhole(machine);
  tally('fault', 'the clock leaps two hours back', 1);
});

test.skipIf(library === undefined)(
  'a clock that drifts is followed, on and back, and each hour counts once',
  async () => {
    const machine = await machineAt(at(26, '15:55:00'));
    await machine.drift(60, at(26, '16:01:00'));
    await vi.waitFor(() => expect(fired(machine, 'page-test')).toBe(1), 15_000);
    // Corrected by less than what counts as a step, to before the hour; and over it once more.
    machine.set(at(26, '15:57:00'));
    expect(await machine.say('olga', '/status')).toMatchObject({ ok: true });
    await machine.drift(60, at(26, '16:02:00'));
    // Corrected again and again, each time by less than a step.
    while (machine.now() < at(26, '17:00:00')) {
      machine.set(machine.now() + 4 * 60_000);
      expect(await machine.say('olga', '/status')).toMatchObject({ ok: true });
    }
    await vi.waitFor(() => expect(fired(machine, 'on-call-roster')).toBe(1), 15_000);
    expect(fired(machine, 'page-test')).toBe(1);
    expect(await machine.healthy()).toBe(200);
    expect(await machine.negatives()).toEqual([]);
    await expectWhole(machine);
    tally('fault', 'the clock drifts', 2);
  },
);

test.skipIf(library === undefined).for([
  // Each on a Tuesday: were it believed, the window would be open.
  ['1970', '1970-01-06T12:00:00Z', /I am in safe mode: the clock of the machine is before the last event/],
  ['2040', '2040-02-07T12:00:00Z', /I am in safe mode: the clock of the machine is more than a year after/],
] as const)('a start in %s decides nothing, and goes on once the clock is set', async ([_name, when, words]) => {
  const machine = await machineAt(THURSDAY);
  await machine.stop();
  const before = machine.events();
  machine.set(when);
  await machine.start();
  await expectStopped(machine, words);
  const since = machine.events().slice(before.length);
  expect(since.map(({ type }) => type)).toEqual(['safe-mode-entered']);
  expect(since[0]?.at).toBe(before.at(-1)?.at);
  machine.set(THURSDAY + 60_000);
  await leave(machine);
  expect(await release(machine)).toMatchObject({ ok: false, text: expect.stringContaining('Mon 30 Nov 00:00') });
  const dates = machine.events().map((event) => event.at);
  expect(dates).toEqual(dates.toSorted((a, b) => a - b));
  expect(dates.at(-1)).toBeLessThan(THURSDAY + 3_600_000);
  await expectWhole(machine);
  tally('fault', 'a start in another age', 1);
});

test.skipIf(library === undefined)('a first start in 1970 waits until the clock is set', async () => {
  const machine = await createMachine(library ?? '', site());
  machine.set('1970-01-06T12:00:00Z');
  await machine.start();
  await machine.heard('ops', /I am in safe mode: the clock of the machine shows 1970-01-06/);
  expect(await machine.say('sam', '/propose web First')).toMatchObject({ ok: false });
  expect(await machine.baton('doctor', '--leave-safe-mode')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the clock of the machine shows 1970-01-06'),
  });
  machine.set(THURSDAY);
  await leave(machine);
  expect(await machine.say('sam', '/propose web First')).toMatchObject({ ok: true });
  machine.set(at(26, '15:59:57'));
  await machine.heard('ops', /stepped by/);
  await leave(machine);
  await vi.waitFor(() => expect(fired(machine, 'page-test')).toBe(1), 15_000);
  await expectWhole(machine);
  tally('fault', 'a start in another age', 1);
});

test.skipIf(library === undefined)(
  'what was planned while the clock was weeks ahead comes at its time all the same',
  async () => {
    const machine = await machineAt('2026-12-20T12:00:00+01:00');
    expect(await machine.say('olga', '/status')).toMatchObject({ ok: true });
    machine.set(at(26, '15:59:50'));
    await expectStopped(machine, /I am in safe mode: the clock of the machine stepped by -3\d{4} minutes/);
    await leave(machine);
    await vi.waitFor(() => expect(fired(machine, 'page-test')).toBe(1), 20_000);
    await expectWhole(machine);
    tally('fault', 'a clock that was weeks ahead', 1);
  },
);
