import { expect, test } from 'vitest';
import { createSafeLane } from '../../src/shell/safe-mode-lane.ts';
import { createChat, deliver, FRIDAY, house, MINUTE } from './rig.ts';
import { chatsOf, pagesIn, speaking } from './voice.ts';

/** In safe mode nothing can be written down; a page that does not get through goes to the next all the same. */

const refused = { is: 'refused', why: '403' } as const;

async function alarmed() {
  const all = await speaking({ at: FRIDAY });
  await all.bot.say('pam', '/alert critical The node is down', 'a');
  await deliver(all.bot);
  all.bot.safe.enter('io', 'a test');
  await all.pass(1);
  return all;
}

test('who is on call can not be reached: the others of OPS are paged at once', async () => {
  const { told, chat, pass, voice } = await alarmed();
  chat.answers = (to) => (to === '1002' ? refused : { is: 'sent', id: '1' });
  await pass(10);
  expect(pagesIn(told)).toEqual(['1001']);
  expect(told.at(-1)?.text).toContain('/ack ALERT-1 stops these pages');
  await pass(10);
  await voice.stop();
  // Each page of the ladder anew, and none twice.
  expect(pagesIn(told)).toEqual(['1001', '1001']);
});

test('nobody of OPS can be reached in private: its chat is told', async () => {
  const { told, chat, pass, voice } = await alarmed();
  chat.answers = (to) => (to === '-2001' ? { is: 'sent', id: '1' } : refused);
  await pass(10);
  await voice.stop();
  expect(pagesIn(told)).toEqual(['-2001']);
});

test('OPS’s chat refuses, and nobody is on call who can be reached: the others of OPS hear of safe mode', async () => {
  const { bot, told, chat, voice } = await speaking();
  chat.answers = (to) => (to === '1001' ? { is: 'sent', id: '1' } : refused);
  bot.safe.enter('chain', 'a test');
  await voice.stop();
  expect(chatsOf(told)).toEqual(['1001']);
});

test('an alert that waited in the outbox for OPS’s chat is told in safe mode', async () => {
  const { bot, told, voice } = await speaking();
  await bot.say('pam', '/alert critical The node is down', 'a');
  bot.safe.enter('io', 'a test');
  await voice.stop();
  expect(chatsOf(told.filter(({ text }) => /The node is down/.test(text)))).toEqual(['-2001']);
});

/** The lane alone, with two platforms. */
async function lanes() {
  const { log } = await house();
  const time = { now: 0 };
  const telegram = createChat();
  const slack = createChat('slack');
  const lane = createSafeLane({ adapters: [telegram.adapter, slack.adapter], clock: { now: () => time.now }, log });
  const all = () => [...telegram.told, ...slack.told].map(({ chat }) => chat);
  return {
    lane, telegram, slack, all,
    async wait(milliseconds: number) {
      time.now += milliseconds;
      lane.pump();
      await lane.settled();
    },
  }; // biome-ignore format: a list
}

test('an address on a platform that is not connected, or none at all: the next rung', async () => {
  const { log } = await house();
  const { adapter, told } = createChat();
  const lane = createSafeLane({ adapters: [adapter], clock: { now: () => 0 }, log });
  lane.send([['slack:U1'], [], ['telegram:1']], ['Help'], true);
  lane.send([[], ['telegram:2']], ['Help'], true);
  await lane.settled();
  expect(chatsOf(told).toSorted()).toEqual(['1', '2']);
});

test('a platform that is away: over the other one within seconds, and there once it is back; nobody twice', async () => {
  const { lane, telegram, all, wait } = await lanes();
  telegram.chat.answers = () => ({ is: 'away', why: 'no connection' });
  lane.send([['telegram:1'], ['telegram:2', 'slack:U2'], ['slack:U3']], ['Help'], true);
  await lane.settled();
  expect(all()).toEqual([]);
  for (let n = 0; n < 8; n += 1) await wait(1_000);
  expect(all()).toEqual(['U2']);
  telegram.chat.answers = () => ({ is: 'sent', id: '1' });
  await wait(MINUTE);
  await wait(MINUTE);
  expect(all().toSorted()).toEqual(['1', 'U2']);
});

test('a platform that does not answer: over the other one after a minute', async () => {
  const { lane, telegram, all, wait } = await lanes();
  telegram.chat.answers = () => ({ is: 'uncertain', why: 'no answer' });
  lane.send([['telegram:1'], ['slack:U2']], ['Help'], true);
  await wait(30_000);
  expect(all()).toEqual([]);
  await wait(30_000);
  expect(all()).toEqual(['U2']);
});

test('all platforms are away: nobody more is asked, and what waits is said when they are back', async () => {
  const { lane, telegram, slack, all, wait } = await lanes();
  for (const { chat } of [telegram, slack]) chat.answers = () => ({ is: 'away', why: 'no connection' });
  lane.send(
    [
      ['telegram:1', 'slack:U1'],
      ['telegram:2', 'slack:U2'],
    ],
    ['Help'],
    true,
  );
  for (let n = 0; n < 10; n += 1) await wait(MINUTE);
  for (const { chat } of [telegram, slack]) chat.answers = () => ({ is: 'sent', id: '1' });
  await wait(MINUTE);
  expect(all().toSorted()).toEqual(['1', 'U1']);
});

test('what is under way is not begun a second time', async () => {
  const { lane, telegram, wait } = await lanes();
  let asked = 0;
  let end: (() => void) | undefined;
  const { adapter } = telegram;
  Object.assign(adapter, {
    send: () => {
      asked += 1;
      return new Promise((done) => {
        end = () => done({ is: 'sent', id: '1' });
      });
    },
  });
  lane.send([['telegram:1']], ['Help'], true);
  const waited = [wait(5_000), wait(5_000)];
  expect(asked).toBe(1);
  end?.();
  await Promise.all(waited);
  expect(asked).toBe(1);
});
