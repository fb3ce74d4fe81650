import { expect, test } from 'vitest';
import { wordsOfPress } from '../../src/core/decide.ts';
import type { Button, Node } from '../../src/core/text.ts';
import { catalogue, createStage, type Stage } from './stage.ts';

/** R3's hint: who is meant by a mention, and that one press logs what was said. */

const buttonsIn = (text: readonly Node[]): Button[] =>
  text.flatMap((node) => (typeof node !== 'string' && node.node === 'buttons' ? node.buttons : []));

const hintOf = (stage: Stage, words: string, as = 'sam') => stage.say(as, words, { place: 'general' }).messages[0];

const press = (stage: Stage, button: Button | undefined) =>
  stage.say('sam', wordsOfPress(catalogue, button?.command ?? '', button?.on ?? '', button?.args ?? ''), {
    pressed: true,
  });

test('one press logs what was said, as bad as it is', () => {
  const stage = createStage();
  const hint = hintOf(stage, '@dave, the login page is broken');
  const choices = buttonsIn(hint?.text ?? []);
  expect(choices.map(({ label }) => label)).toEqual(['Critical', 'Major', 'Minor', 'Ask for a feature']);
  expect(press(stage, choices[2]).text).toMatch(/is logged: the login page is broken/);
  expect(press(stage, choices[3]).code).toBe('logged');
});

test('in a chat that has an item, the report joins that item, and fits however much was said', () => {
  const stage = createStage();
  stage.play('mia: /propose web Campaign');
  stage.act((draft) => draft.emit('place', 'general', { type: 'bound', item: 'WEB-1', by: 'mia' }));
  const choices = buttonsIn(hintOf(stage, `@dave ${'it hangs '.repeat(90)}`)?.text ?? []);
  expect(choices.map(({ label }) => label).at(-1)).toBe('Urgent: tell the circle owner');
  for (const choice of choices) expect(press(stage, choice)).toMatchObject({ code: 'logged' });
  expect(stage.world().get('item', 'WEB-1')?.links).toHaveLength(choices.length);
});

test('a mention and nothing else asks what it is about', () => {
  const stage = createStage();
  const choices = buttonsIn(hintOf(stage, 'hey @dave!')?.text ?? []);
  expect(choices.map(({ label, args }) => [label, args])).toEqual([
    ['Log a bug', undefined],
    ['Ask for a feature', undefined],
  ]);
});

const ON_TELEGRAM = `
organisation: Grid
timezone: Europe/Brussels
people:
  - { id: pat, name: Pat, roles: [developer], telegram: 77 }
  - { id: kim, name: Kim, roles: [developer], telegram: 78 }
  - { id: olga, name: Olga, roles: [ops], telegram: 79 }
chats:
  - { name: general, telegram: -1001, watch_mentions: true }
`;

test('a Telegram name is learnt as its owner speaks, follows whoever has it now, and is nobody’s identity', () => {
  const stage = createStage(ON_TELEGRAM);
  const seen = (as: string, handle: string) => stage.say(as, 'hello', { place: 'general', handle });
  const hinted = () =>
    stage.say('telegram:79', '@grid_pat can you look?', { place: 'general' }).messages.map(({ text }) => text[0]);
  expect(hinted()).toEqual([]);
  seen('telegram:77', 'Grid_Pat');
  expect(hinted()[0]).toBe('Pat');
  seen('telegram:78', 'grid_pat');
  stage.moveTo('2026-11-23T12:00:00+01:00');
  expect(hinted()[0]).toBe('Kim');
  expect(stage.world().get('people', 'all')?.handles).toEqual({ 'telegram:78': 'grid_pat' });
  // The same name again is no news, and a stranger's is nobody's.
  const before = stage.world().history('people', 'all').length;
  seen('telegram:78', 'grid_pat');
  seen('telegram:99', 'somebody');
  expect(stage.world().history('people', 'all')).toHaveLength(before);
  expect(stage.say('grid_pat', '/whoami', { via: 'telegram' }).code).toBe('forbidden');
});
