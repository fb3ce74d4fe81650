import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createButtons } from '../../src/shell/buttons.ts';
import { TurnFailed } from '../../src/store/port.ts';
import { fill, folder, HOUR, type House, house, MINUTE, MONDAY } from './rig.ts';

/** What triggers safe mode, what still works in it, and how it is left. */

const eventsOf = ({ raw }: House) => raw.history('store/store').map(({ type, data }) => ({ type, data }));
let ids = 0;
/** Proposes until something is refused. */
async function untilRefused(bot: House) {
  for (let n = 0; n < 300; n += 1) {
    ids += 1;
    const answer = await bot.say('pam', `/propose web ${'x'.repeat(190)}`, `id-${ids}`);
    if (!answer.ok) return answer;
  }
  throw new Error('nothing was refused');
}

test('a full disk: nothing is decided, questions are answered, and it ends by itself once there is room', async () => {
  const bot = await house();
  await bot.say('pam', '/propose web First', 'a');
  const giveRoom = fill(bot.db);
  const refused = await untilRefused(bot);
  expect(refused).toMatchObject({ code: 'unavailable' });
  expect(refused.text).toBe(
    'Not done, nothing was changed: I am in safe mode (the disk is full). Say it again later; questions still work.',
  );
  expect(bot.safe.doubt()).toMatchObject({ cause: 'full', since: MONDAY });
  expect(await bot.say('pam', '/status WEB-1')).toMatchObject({ ok: true, code: 'shown' });
  const before = bot.raw.head();
  giveRoom();
  expect(await bot.say('pam', '/propose web Too early', 'b')).toMatchObject({ code: 'unavailable' });
  await bot.safe.look();
  expect(bot.safe.doubt()).toBeUndefined();
  expect(await bot.say('pam', '/propose web Now', 'c')).toMatchObject({ ok: true, code: 'proposed' });
  expect(eventsOf(bot).at(-1)).toEqual({ type: 'safe-mode-left', data: {} });
  expect(bot.raw.checkChain(before.seq, 100)).toMatchObject({ problem: undefined });
});

test('while there is no room it stays, however often it is looked at', async () => {
  const bot = await house();
  fill(bot.db);
  await untilRefused(bot);
  for (let n = 0; n < 3; n += 1) await bot.safe.look();
  expect(bot.safe.doubt()).toMatchObject({ cause: 'full' });
  expect((await bot.safe.leave('shell')).ok).toBe(false);
});

/** A store whose disk fails from some moment on. */
function failing(reason: 'io' | 'corrupt' | 'busy') {
  const disk = { fails: false };
  const faulty: Parameters<typeof house>[0] = {
    faulty: (store) => ({
      ...store,
      write: async (turn) => {
        if (disk.fails) throw new TurnFailed(reason, new Error('a planted failure'));
        return store.write(turn);
      },
    }),
  };
  return { disk, faulty };
}

test.each(['io', 'corrupt'] as const)('%s: it stays until somebody ends it and the file was proved', async (reason) => {
  const { disk, faulty } = failing(reason);
  const problems = ['event 3 of item/WEB-1: the chain is broken'];
  const bot = await house({ ...faulty, problems: () => problems });
  disk.fails = true;
  await untilRefused(bot);
  expect(bot.safe.doubt()).toMatchObject({ cause: reason });
  disk.fails = false;
  await bot.safe.look();
  expect(await bot.say('pam', '/propose web Now', 'now')).toMatchObject({ code: 'unavailable' });
  expect(await bot.safe.leave('shell')).toEqual({
    ok: false,
    text: 'It stays in safe mode: event 3 of item/WEB-1: the chain is broken. Stop the process and put the last good backup back: baton restore BACKUP.',
  });
  problems.length = 0;
  expect(await bot.safe.leave('shell')).toMatchObject({ ok: true });
  expect(await bot.say('pam', '/propose web Now', 'now')).toMatchObject({ ok: true });
});

test('a file that another program holds for a moment is no reason for doubt', async () => {
  const { disk, faulty } = failing('busy');
  const bot = await house(faulty);
  disk.fails = true;
  expect(await untilRefused(bot)).toMatchObject({ code: 'unavailable' });
  disk.fails = false;
  expect(bot.safe.doubt()).toBeUndefined();
  expect(await bot.say('pam', '/propose web Now', 'now')).toMatchObject({ ok: true });
});

test.each([
  ['forwards', 2 * 24 * HOUR],
  ['backwards', -2 * HOUR],
  ['to another age', -MONDAY],
])('a clock that steps %s: the step is not followed, and nothing is dated by it', async (_case, step) => {
  const bot = await house();
  await bot.say('pam', '/propose web First', 'a');
  bot.wait(MINUTE);
  bot.jump(step);
  // The very next decision is refused: nobody has to look first.
  const refused = await bot.say('pam', '/propose web Second', 'b');
  expect(refused.text).toContain('the clock of the machine stepped by');
  expect(bot.clock.now()).toBe(MONDAY + MINUTE);
  expect(eventsOf(bot)).toMatchObject([{ type: 'safe-mode-entered', data: { cause: 'clock' } }]);
  expect(bot.raw.history('store/store')[0]?.at).toBe(MONDAY + MINUTE);
  bot.jump(-step);
  expect(await bot.safe.leave('olga')).toMatchObject({ ok: true });
  expect(await bot.say('pam', '/propose web Second', 'b')).toMatchObject({ ok: true });
  expect(bot.raw.history('store/store').at(-1)).toMatchObject({ type: 'safe-mode-left', actor: 'olga' });
});

test('a clock that is corrected by minutes, or goes on for days, is followed', async () => {
  const bot = await house();
  bot.jump(4 * MINUTE);
  expect(await bot.say('pam', '/propose web First', 'a')).toMatchObject({ ok: true });
  bot.jump(4 * MINUTE);
  bot.wait(3 * 24 * HOUR);
  expect(await bot.say('pam', '/propose web Second', 'b')).toMatchObject({ ok: true });
  expect(bot.clock.now()).toBe(MONDAY + 8 * MINUTE + 3 * 24 * HOUR);
});

test('a clock that is before the last event at the start', async () => {
  const path = join(folder(), 'baton.db');
  const first = await house({ path });
  await first.say('pam', '/propose web First', 'a');
  await first.raw.close();
  expect((await house({ path, at: MONDAY - 4 * MINUTE })).safe.doubt()).toBeUndefined();
  expect((await house({ path, at: MONDAY - HOUR })).safe.doubt()).toMatchObject({ cause: 'clock' });
});

const TAMPER = ['drop trigger events_append_only', 'drop trigger events_kept'];

test.each([
  ['an event was edited', "update events set actor = 'eve' where seq = 2"],
  ['its data were edited', "update events set data = '{}' where seq = 2"],
  ['an event is gone', 'delete from events where seq = 2'],
])('a broken chain is found at the start: %s', async (_case, statement) => {
  const path = join(folder(), 'baton.db');
  const first = await house({ path });
  await first.say('pam', '/propose web First', 'a');
  for (const each of [...TAMPER, statement]) first.db.exec(each);
  await first.raw.close();
  const bot = await house({ path, problems: () => ['event 2: the chain is broken'] });
  expect(bot.safe.doubt()).toMatchObject({ cause: 'chain' });
  expect(await bot.say('pam', '/propose web Second', 'b')).toMatchObject({ code: 'unavailable' });
  expect(await bot.say('pam', '/status WEB-1')).toMatchObject({ ok: true });
  expect((await bot.safe.leave('shell')).text).toContain('event 2: the chain is broken');
});

const GRANT =
  "update states set state = json_set(state, '$.grants', json('{\"pam\":{\"ops\":true}}')) where stream = 'people/all'";

test.each([
  ['somebody was given a right', GRANT, 'state of people/all'],
  ['who is who was taken away', "delete from states where stream = 'people/all'", 'state of people/all: it is missing'],
  [
    'an item was moved on',
    "update states set state = json_set(state, '$.title', 'x') where type = 'item'",
    'state of item',
  ],
  ['a process was changed', "update processes set text = text || ' '", 'its text was changed'],
  ['a guard was taken off', 'drop trigger events_kept', 'the trigger events_kept is missing'],
])('nothing is decided on a file whose chain is whole and all else is not: %s', async (_case, statement, why) => {
  const path = join(folder(), 'baton.db');
  const first = await house({ path });
  await first.say('pam', '/propose web First', 'a');
  await first.say('olga', '/person add lea "Lea Lane"', 'b');
  expect(first.raw.state('people/all')).toBeDefined();
  expect(first.db.prepare(statement).run()).toBeDefined();
  await first.raw.close();
  const bot = await house({ path });
  expect(bot.safe.doubt()).toMatchObject({ cause: 'chain', why: expect.stringContaining(why) });
  expect(await bot.say('pam', '/propose web Second', 'c')).toMatchObject({ code: 'unavailable' });
});

test('a state that is changed while it runs is found by the auditor’s steps', async () => {
  const bot = await house();
  await bot.say('pam', '/propose web First', 'a');
  for (let n = 0; n < 20; n += 1) bot.safe.proveNext();
  expect(bot.safe.doubt()).toBeUndefined();
  bot.db.exec("update states set state = json_set(state, '$.n', 77) where type = 'counter'");
  for (let n = 0; n < 20; n += 1) bot.safe.proveNext();
  expect(bot.safe.doubt()).toMatchObject({ cause: 'chain', why: expect.stringContaining('state of counter/') });
});

test.each(['clock', 'full'] as const)(
  'a doubt about %s hides no graver one, now or at the next start',
  async (cause) => {
    const path = join(folder(), 'baton.db');
    const first = await house({ path, problems: () => ['event 2: the chain is broken'] });
    await first.say('pam', '/propose web First', 'a');
    first.safe.enter(cause, 'a test');
    await vi.waitFor(() => expect(eventsOf(first)).toHaveLength(1));
    // It is over by all signs; the file is not whole.
    expect((await first.safe.leave('shell')).text).toContain('event 2: the chain is broken');
    for (const each of [...TAMPER, "update events set actor = 'eve' where seq = 2"]) first.db.exec(each);
    await first.raw.close();
    const bot = await house({ path });
    expect(bot.safe.doubt()).toMatchObject({ cause: 'chain', why: expect.stringContaining('event 2 of') });
    bot.safe.enter(cause, 'a test');
    expect(bot.safe.doubt()).toMatchObject({ cause: 'chain' });
  },
);

test('a disk that has room again is no end of it where the file is not whole', async () => {
  const bot = await house({ problems: () => ['event 2: the chain is broken'] });
  const giveRoom = fill(bot.db);
  await untilRefused(bot);
  giveRoom();
  await bot.safe.look();
  expect(bot.safe.doubt()).toMatchObject({ cause: 'chain', why: 'event 2: the chain is broken' });
});

test('a chain that is broken while it runs is found by the auditor’s steps, and so is an end that was cut off', async () => {
  const edited = await house();
  await edited.say('pam', '/propose web First', 'a');
  edited.safe.proveNext();
  expect(edited.safe.doubt()).toBeUndefined();
  for (const each of [...TAMPER, "update events set actor = 'eve' where seq = 2"]) edited.db.exec(each);
  edited.safe.proveNext();
  expect(edited.safe.doubt()).toMatchObject({ cause: 'chain', why: expect.stringContaining('event 2 of') });

  const cut = await house();
  await cut.say('pam', '/propose web First', 'a');
  cut.safe.proveNext();
  for (const each of [...TAMPER, 'delete from events where seq > 1']) cut.db.exec(each);
  cut.safe.proveNext();
  expect(cut.safe.doubt()).toMatchObject({ cause: 'chain', why: expect.stringContaining('events after 1 are gone') });
});

test('a restart is no way out of it; what ended is not there any more at the next start', async () => {
  const path = join(folder(), 'baton.db');
  const first = await house({ path });
  first.safe.enter('chain', 'event 2 is not whole');
  await vi.waitFor(() => expect(eventsOf(first)).toHaveLength(1));
  await first.raw.close();
  const second = await house({ path });
  expect(second.safe.doubt()).toMatchObject({ cause: 'chain', why: 'event 2 is not whole' });
  expect(await second.safe.leave('shell')).toMatchObject({ ok: true });
  // The roster and the reminders, which could not be read in at the start, are by now.
  await vi.waitFor(() => expect(second.raw.meta('reminders')).toBeDefined());
  await second.raw.close();
  expect((await house({ path })).safe.doubt()).toBeUndefined();
});

test('nothing is taken in, nothing is sent and nothing is forgotten meanwhile', async () => {
  const bot = await house();
  await bot.say('olga', '/alert critical The node is down', 'a');
  expect(bot.raw.waiting().map(({ lane }) => lane)).toEqual(['answer']);
  bot.safe.enter('chain', 'a test');
  const { store } = bot.engine;
  expect(await store.claim(MONDAY + HOUR, 10)).toEqual([]);
  expect(await bot.engine.receive({ receive: [{ id: 'x', source: 'telegram', body: {} }] })).toBe(false);
  expect(await store.prune(MONDAY)).toEqual({ outbox: 0, inbox: 0 });
  await expect(store.retry(1, MONDAY)).rejects.toMatchObject({ reason: 'closed' });
  await store.setMeta('a cursor', '7');
  expect([store.meta('a cursor'), bot.raw.meta('a cursor')]).toEqual(['7', undefined]);
  const buttons = await createButtons(store);
  const button = { label: 'Accept', command: 'accept', on: 'WEB-1' };
  const token = (await buttons.keep('telegram:1', [{ node: 'buttons', buttons: [button] }]))(button);
  expect(buttons.find('telegram:1', 'telegram:1', token)).toMatchObject({ command: 'accept' });
  expect(bot.raw.button(token)).toBeUndefined();
  await bot.safe.leave('shell');
  expect(bot.raw.button(token)).toMatchObject({ command: 'accept' });
  expect(store.meta('a cursor')).toBeUndefined();
  expect(await store.claim(MONDAY + HOUR, 10)).toHaveLength(1);
});

test('what can not be read is answered from the last rows, where pages stand on them', async () => {
  const disk = { fails: false };
  const check = <T>(value: T): T => {
    if (disk.fails) throw new Error('a planted failure');
    return value;
  };
  const bot = await house({
    faulty: (store) => ({
      ...store,
      state: (stream) => check(store.state(stream)),
      open: (type) => check(store.open(type)),
      damage: () => 'io' as const,
    }),
  });
  const before = bot.engine.world().get('people', 'all');
  disk.fails = true;
  expect(bot.engine.world().get('people', 'all')).toBe(before);
  expect(bot.safe.doubt()).toMatchObject({ cause: 'io' });
  expect(await bot.say('pam', '/status WEB-1')).toMatchObject({ code: 'unavailable' });
});
