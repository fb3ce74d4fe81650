import { expect, test, vi } from 'vitest';
import { wordsOfPress } from '../../src/core/decide.ts';
import { deliver, FRIDAY, HOUR, type House } from './rig.ts';
import { aside, pagesIn, said, speaking } from './voice.ts';

/** Whoever is paged in safe mode takes the alert: the pages stop at once, and it is theirs when safe mode is over. */

const YOURS = 'ALERT-1 is yours, and I page nobody about it: I am in safe mode, so it is noted when that is over.';

async function alarmed(given: Parameters<typeof speaking>[0] = {}) {
  const all = await speaking({ at: FRIDAY, ...given });
  await all.bot.say('pam', '/alert critical The node is down', 'a');
  await deliver(all.bot);
  return all;
}
const alert = ({ engine }: House) => engine.world().get('alert', 'ALERT-1');
const sorts = ({ raw }: House) => raw.history('alert/ALERT-1', 100).map(({ type, actor }) => `${type} ${actor}`);
/** Everything that is due is done, as housekeeping does it. */
const due = async ({ engine }: House) => {
  while ((await engine.fireDue()) > 0);
};

test('it pages on, until the person on call takes it: then nobody, and nothing is written', async () => {
  const { bot, told, pass, voice } = await alarmed();
  bot.safe.enter('io', 'a test');
  await pass(11);
  expect(pagesIn(told)).toEqual(['1002']);
  expect(told.at(-1)?.text).toContain('/ack ALERT-1 stops these pages');
  expect(await bot.say('otto', '/ack')).toMatchObject({ ok: true, code: 'acknowledged', key: 'ALERT-1', text: YOURS });
  await pass(90);
  await voice.stop();
  expect(pagesIn(told)).toEqual(['1002']);
  expect(alert(bot)).toMatchObject({ state: 'open', acknowledgedBy: null });
});

test('when it is over it is noted as theirs before anything that is due pages again', async () => {
  const { bot, pass, voice } = await alarmed();
  bot.safe.enter('io', 'a test');
  await pass(5);
  await bot.say('otto', '/ack ALERT-1 the disk is full');
  await pass(40);
  await bot.safe.leave('shell');
  await due(bot);
  await voice.stop();
  expect(alert(bot)).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: 'otto',
    note: 'the disk is full',
    pages: 1,
  });
  expect(sorts(bot)).toEqual(['raised pam', 'delivered pam', 'paged pam', 'acknowledged otto']);
  bot.wait(HOUR / 2);
  await due(bot);
  expect(alert(bot)).toMatchObject({ pages: 1 });
});

test('a page that waits in the outbox is not sent any more once its alert was taken', async () => {
  const { bot, voice } = await speaking({ at: FRIDAY });
  await bot.say('pam', '/alert critical The node is down', 'a');
  bot.safe.enter('io', 'a test');
  await bot.say('otto', '/ack ALERT-1');
  await bot.safe.leave('shell');
  await voice.stop();
  const pages = (await bot.raw.claim(bot.clock.now(), 100)).filter(({ kind }) => kind === 'page');
  expect(pages).toEqual([]);
  expect(bot.raw.parked(100)).toEqual([]);
});

test('the button, in the chat: answered once however often it is brought, and known when it comes again afterwards', async () => {
  const { bot, told, pass, voice } = await alarmed();
  bot.safe.enter('io', 'a test');
  await voice.stop();
  const chat = await aside(bot);
  const text = wordsOfPress(bot.engine.catalogue, 'ack', 'ALERT-1', '');
  const otto = { account: 'telegram:1002', address: { platform: 'telegram', chat: '1002' } };
  const body = { id: 'tg:1', body: said(text, otto) };
  chat.answering.answer([body]);
  await vi.waitFor(() => expect(chat.told.map((each) => each.text)).toEqual([YOURS]));
  chat.answering.answer([body]);
  // Another poll of a restarted reader knows nothing of the first.
  const again = await aside(bot);
  again.answering.answer([body]);
  await vi.waitFor(() => expect(again.told.map((each) => each.text)).toEqual([YOURS]));
  await pass(30);
  expect(pagesIn(told)).toEqual([]);
  await bot.safe.leave('shell');
  await voice.stop();
  const input = { as: 'telegram:1002', via: 'telegram', place: null, text, pressed: true };
  const rows = vi.fn(() => []);
  expect(await bot.engine.handle(input, 'tg:1', { rows })).toMatchObject({ code: 'acknowledged', text: YOURS });
  expect(rows).not.toHaveBeenCalled();
  expect(sorts(bot).at(-1)).toBe('acknowledged otto');
  expect(chat.told).toHaveLength(1);
});

test('who is not of OPS takes nothing, and other commands wait', async () => {
  const { bot, told, pass, voice } = await alarmed();
  bot.safe.enter('io', 'a test');
  expect(await bot.say('pam', '/ack ALERT-1')).toMatchObject({ ok: false });
  expect(await bot.say('otto', '/resolve ALERT-1')).toMatchObject({ ok: false, code: 'unavailable' });
  await pass(11);
  await voice.stop();
  expect(pagesIn(told)).toEqual(['1002']);
  await bot.safe.leave('shell');
  await voice.stop();
  expect(alert(bot)?.state).toBe('open');
});

test('a doubt that gives way to another keeps what was taken; somebody else who says it hears whose it is', async () => {
  const { bot, told, pass, voice } = await alarmed();
  bot.safe.enter('full', 'the disk is full');
  await bot.say('otto', '/ack ALERT-1');
  bot.safe.enter('chain', 'event 2 is not whole');
  expect(await bot.say('olga', '/ack ALERT-1')).toMatchObject({
    text: expect.stringContaining('acknowledged by Otto'),
  });
  await pass(30);
  await bot.safe.leave('shell');
  await due(bot);
  await voice.stop();
  expect(pagesIn(told)).toEqual([]);
  expect(alert(bot)).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'otto' });
});

test('nobody has news of it for long: it pages again, and is not noted as theirs', async () => {
  const { bot, told, pass, voice } = await alarmed();
  bot.safe.enter('io', 'a test');
  await bot.say('otto', '/ack ALERT-1');
  await pass(26 * 60);
  expect(pagesIn(told).length).toBeGreaterThan(0);
  await bot.safe.leave('shell');
  await voice.stop();
  expect(alert(bot)).toMatchObject({ state: 'open', acknowledgedBy: null });
});

test('what can not be noted is said to them and to OPS', async () => {
  const { bot, told, voice } = await alarmed();
  bot.safe.enter('io', 'a test');
  await bot.say('otto', '/ack ALERT-1');
  vi.spyOn(bot.engine, 'act').mockRejectedValue(new Error('a planted failure'));
  await bot.safe.leave('shell');
  await voice.stop();
  const lost = told.filter(({ text }) => /ALERT-1 was taken by otto while I was in safe mode/.test(text));
  expect(lost.map(({ chat }) => chat)).toEqual(['-2001', '1002']);
  expect(alert(bot)?.state).toBe('open');
});
