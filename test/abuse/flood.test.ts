import { expect, test } from 'vitest';
import { createFlood } from '../../src/shell/flood.ts';
import { createStage } from '../core/stage.ts';
import { tally } from '../support/tally.ts';
import { voting } from './scene.ts';

/** Whoever shouts is answered once, and OPS is heard all the same. */

const isTooMuch = (text: string): boolean => text.includes('more than I can listen to');

test('a person who floods is told once, until the minute is over; OPS is always heard', () => {
  const { world } = createStage();
  let now = 0;
  const flood = createFlood({ now: () => now });
  const said = (account: string, count: number): Record<string, number> => {
    const found = { yes: 0, 'for the last time': 0, not: 0 };
    const address = { platform: 'telegram', chat: '1' } as const;
    for (let at = 0; at < count; at += 1) {
      const incoming = { sort: 'said', account, address, isPrivate: true, text: '/mine' } as const;
      found[flood.hears(world(), incoming, `${account} ${now} ${at}`)] += 1;
    }
    return found;
  };
  expect(said('telegram:1003', 1_000)).toEqual({ yes: 240, 'for the last time': 1, not: 759 });
  expect(said('telegram:1001', 5_000)).toEqual({ yes: 5_000, 'for the last time': 0, not: 0 });
  expect(said('telegram:99', 100)).toEqual({ yes: 30, 'for the last time': 1, not: 69 });
  // The same things once more are no more.
  expect(said('telegram:99', 30)).toEqual({ yes: 30, 'for the last time': 0, not: 0 });
  now = 60_000;
  expect(said('telegram:1003', 240)).toEqual({ yes: 240, 'for the last time': 0, not: 0 });
  // A thousand accounts of strangers are heard no more than so often, and take nothing from whoever is known.
  let heard = 0;
  for (let at = 0; at < 1_500; at += 1) heard += said(`telegram:${50_000 + at}`, 1).yes ?? 0;
  expect(heard).toBe(90);
  expect(said('telegram:1004', 10)).toEqual({ yes: 10, 'for the last time': 0, not: 0 });
  tally('bad input', 'a flood', 1_000 + 100 + 1_500);
  // A clock that was set back keeps nobody silent.
  now = 0;
  expect(said('telegram:1003', 10)).toEqual({ yes: 10, 'for the last time': 0, not: 0 });
});

test('a stranger who floods is told once, stored, and not carried out; OPS keeps its lane', async () => {
  const scene = await voting({ slack: 'none' });
  const { rig } = scene;
  const { telegram } = rig.stage;
  const [eve, olga] = [rig.stage.onTelegram('eve'), rig.stage.onTelegram('olga')];
  await scene.settled();
  const [events, audits] = [scene.events(), scene.audits().length];
  for (let at = 0; at < 60; at += 1) eve.say(eve.private, `/approve PROD-1 ${at}`);
  olga.say(olga.private, '/freeze declare 2026-12-24 2026-12-27 rest');
  await scene.settled();
  const told = () => telegram.fromBot(eve.private).filter(({ text }) => isTooMuch(text)).length;
  expect(told()).toBe(1);
  // What is more than was listened to is on disk, with no answer.
  const more = scene.audits().slice(audits);
  expect(more.filter(({ id }) => !id.endsWith('/flood'))).toHaveLength(61);
  expect(more.filter(({ code }) => code === 'forbidden').length).toBeLessThanOrEqual(30);
  // OPS froze the releases in the middle of it, and nothing else happened.
  expect(scene.events()).toBe(events + 1);
  expect(rig.bot().engine.world().get('calendar', 'all')?.freezes).toHaveLength(1);
  // The minute is over: a flood that begins anew is told anew.
  await rig.advance(61_000);
  for (let at = 0; at < 40; at += 1) eve.say(eve.private, '/mine');
  await scene.settled();
  expect(told()).toBe(2);
});

test('a crowd of strangers in one chat is no crowd of answers, and does not silence who belongs there', async () => {
  const scene = await voting({ slack: 'none' });
  const { stage } = scene.rig;
  const board = { id: stage.telegramChat('board').id, title: 'board', topics: {} };
  const crowd = Array.from({ length: 20 }, (_, at) => {
    const one = stage.telegram.user({ id: 20_000 + at, first_name: `N${at}` });
    stage.telegram.add(board, one, stage.onTelegram('sam'));
    return one;
  });
  await scene.settled();
  const audits = scene.audits().length;
  for (let at = 0; at < 8; at += 1) for (const one of crowd) one.say(board, '/approve PROD-1');
  stage.onTelegram('sue').say(board, '/approve PROD-1');
  await scene.settled();
  const answered = scene
    .audits()
    .slice(audits)
    .flatMap(({ code }) => code ?? []);
  expect(answered.filter((code) => code === 'forbidden')).toHaveLength(90);
  expect(answered.filter((code) => code === 'voted')).toHaveLength(1);
});

test('the same thing brought a hundred times is one thing, and no flood', async () => {
  const scene = await voting({ slack: 'none' });
  const { telegram } = scene.rig.stage;
  const sue = scene.rig.stage.onTelegram('sue');
  const update = telegram.updateOf(sue.say(sue.private, '/mine'));
  for (let at = 0; at < 100; at += 1) if (update !== undefined) telegram.redeliver(update.update_id);
  await scene.settled();
  sue.say(sue.private, '/approve PROD-1');
  await scene.settled();
  expect(scene.audits().at(-1)?.code).toBe('voted');
});
