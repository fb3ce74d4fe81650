import { expect, test, vi } from 'vitest';
import { tellUnopened } from '../../src/shell/safe-mode-unopened.ts';
import { createChat, deliver, FRIDAY, house, MONDAY, ORGANISATION } from './rig.ts';
import { aside, chatsOf, pagesIn, said, speaking } from './voice.ts';

/** Safe mode's lane of its own: who is told, and how pages go on past the tables. */

test('OPS’s chat, the person on call and standard error hear that it began, and that it is over', async () => {
  const { bot, told, shouted, voice } = await speaking();
  expect(told).toEqual([]);
  bot.safe.enter('chain', 'event 2 is not whole');
  await voice.stop();
  expect(chatsOf(told)).toEqual(['-2001', '1002']);
  expect(told[0]).toMatchObject({ loud: true });
  expect(told[0]?.text).toMatch(
    /^I am in safe mode: event 2 is not whole\. I decide nothing.*--leave-safe-mode ends it\.$/,
  );
  expect(shouted).toEqual([
    'SAFE MODE: event 2 is not whole. Nothing is decided. baton doctor says what is wrong, and baton doctor --leave-safe-mode ends it.',
  ]);
  await bot.safe.leave('shell');
  await voice.stop();
  expect(told.slice(2).map(({ chat, text, loud }) => `${chat} ${loud} ${text.slice(0, 18)}`)).toEqual([
    '-2001 false Safe mode is over.',
    '1002 false Safe mode is over.',
  ]);
});

test('what does not get through is tried again until it does, and no longer', async () => {
  const { bot, told, chat, pass, voice } = await speaking();
  chat.answers = () => ({ is: 'away', why: 'no connection' });
  bot.safe.enter('chain', 'a test');
  await pass(3);
  expect(told).toEqual([]);
  chat.answers = () => ({ is: 'sent', id: '1' });
  await pass(2);
  await voice.stop();
  expect(chatsOf(told)).toEqual(['-2001', '1002']);
  await pass(5);
  await voice.stop();
  expect(told).toHaveLength(2);
});

test('what is refused goes to the next, and is given up where nobody is left', async () => {
  const { bot, chat, pass, voice, told } = await speaking();
  let asked = 0;
  chat.answers = () => {
    asked += 1;
    return { is: 'refused', why: '403' };
  };
  bot.safe.enter('chain', 'a test');
  await pass(10);
  await voice.stop();
  // OPS’s chat, the person on call; then the other member, who is the admin as well.
  expect([asked, told.length]).toEqual([3, 0]);
});

test('the paging ladder goes on from the last rows: the first on call, the second, then all of OPS', async () => {
  const { bot, told, pass, voice } = await speaking({ at: FRIDAY });
  expect(await bot.say('pam', '/alert critical The node is down', 'a')).toMatchObject({ ok: true });
  expect(bot.engine.world().open('alert')[0]).toMatchObject({ pages: 1, paged: ['otto'] });
  await deliver(bot);
  bot.safe.enter('io', 'the disk does not take what is written');
  await pass(9);
  expect(pagesIn(told)).toEqual([]);
  await pass(61);
  await voice.stop();
  expect(pagesIn(told)).toEqual([
    // Ten minutes apart: the rest of the first's three, the second's three, then everybody.
    '1002', '1002', '1001', '1001', '1001', '1001', '1002', '1001', '1002',
  ]); // biome-ignore format: one line
  expect(told.find(({ text }) => /The node is down/.test(text))?.text).toContain('/ack ALERT-1 stops these pages');
  // Nothing of it was written.
  expect(bot.raw.state('alert/ALERT-1')?.state).toMatchObject({ pages: 1 });
});

test('a page that waits in the outbox, which nothing leaves, goes out all the same', async () => {
  const { bot, told, voice } = await speaking({ at: FRIDAY });
  await bot.say('pam', '/alert critical The node is down', 'a');
  bot.safe.enter('io', 'a test');
  await voice.stop();
  expect(pagesIn(told)).toEqual(['1002']);
});

test('an alert that was taken before pages nobody', async () => {
  const { bot, told, pass, voice } = await speaking({ at: FRIDAY });
  await bot.say('pam', '/alert critical The node is down', 'a');
  await bot.say('otto', '/ack ALERT-1', 'b');
  await deliver(bot);
  bot.safe.enter('io', 'a test');
  await pass(60);
  await voice.stop();
  expect(pagesIn(told)).toEqual([]);
});

test('when nothing can be read any more, the ladder goes on from what was read last', async () => {
  const disk = { fails: false };
  const check = <T>(run: () => T): T => {
    if (disk.fails) throw new Error('a planted failure');
    return run();
  };
  const { bot, told, pass, voice } = await speaking({
    at: FRIDAY,
    faulty: (store) => ({
      ...store,
      state: (stream) => check(() => store.state(stream)),
      open: (type) => check(() => store.open(type)),
      due: (now, limit) => check(() => store.due(now, limit)),
      damage: () => 'corrupt' as const,
    }),
  });
  await bot.say('pam', '/alert critical The node is down', 'a');
  await deliver(bot);
  // What pages stand on is read every minute of the voice's own.
  for (let n = 0; n < 60; n += 1) await vi.advanceTimersByTimeAsync(1_000);
  disk.fails = true;
  expect(await bot.say('pam', '/status', 'b')).toMatchObject({ code: 'unavailable' });
  expect(bot.safe.doubt()).toMatchObject({ cause: 'corrupt' });
  await pass(21);
  await voice.stop();
  expect(pagesIn(told)).toEqual(['1002', '1002']);
});

test('a file that can not be opened at all: OPS and the person on call are told by the organisation’s file', async () => {
  const { adapter, told } = createChat();
  const { log } = await house();
  const clock = { now: () => MONDAY };
  await tellUnopened({ adapters: [adapter], organisation: ORGANISATION, clock, log }, 'baton.db is damaged');
  expect(chatsOf(told)).toEqual(['-2001', '1002']);
  expect(told[0]?.text).toMatch(/^I can not start: baton\.db is damaged\. /);
});

test('in the chats questions are answered, and a decision is refused, each once', async () => {
  const bot = await house();
  await bot.say('pam', '/propose web First', 'a');
  bot.safe.enter('chain', 'a test');
  const { answering, told } = await aside(bot);
  const bodies = [
    { id: '1', body: said('/status WEB-1') },
    { id: '2', body: said('/propose web Second') },
    { id: '3', body: said('just chatting') },
    { id: '4', body: undefined },
  ];
  answering.answer(bodies);
  answering.answer(bodies);
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(told[0]?.text).toMatch(/^WEB-1 “First”/);
  expect(told[1]?.text).toBe(
    'Not decided: I am in safe mode (a test). I may still decide it when that is over; look before you say it again. Questions such as /status are answered.',
  );
  expect(bot.engine.world().open('item')).toHaveLength(1);
  answering.answer([
    { id: '5', body: said('/status WEB-1', { account: 'telegram:9', address: { platform: 'telegram', chat: '9' } }) },
  ]);
  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(told[2]?.text).not.toContain('First');
});
