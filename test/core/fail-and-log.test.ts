import { expect, test } from 'vitest';
import { made } from '../../src/core/made.ts';
import type { Button, Text } from '../../src/core/text.ts';
import { onForges } from './on-forges.ts';
import { catalogue, createStage, type Stage } from './stage.ts';

/** A test that fails wants a reference; whoever has none yet makes one with a press, and fails it with another. */

const TO_QA = `
  sam: /call open
  bea: /propose service Faster backups
  sam: /approve SVC-1
  sue: /approve SVC-1
  sam: /prioritise SVC-1 1
  arno: /link SVC-1 us:1
  arno: /done SVC-1
  lea: /link SVC-1 us:1 example/grid#1
  lea: /done SVC-1
  dave: /docs SVC-1 https://docs.example.org/backups
  dave: /handover SVC-1 ops
  olga: /monitor SVC-1 https://monitor.example.org/backups
  olga: /release SVC-1 testnet v1`;

const buttonsOf = (text: Text): readonly Button[] =>
  text.flatMap((node) => (typeof node !== 'string' && node.node === 'buttons' ? node.buttons : []));
const wordsOf = ({ command, on, args = '' }: Button): string =>
  catalogue.commands.get(command)?.press?.(on, args) ?? `/${command} ${on} ${args}`.trim();
const press = (stage: Stage, text: Text, label: RegExp) => {
  const button = buttonsOf(text).find((each) => label.test(each.label));
  if (button === undefined) throw new Error(`there is no such button: ${JSON.stringify(text)}`);
  return stage.say('quinn', wordsOf(button), { pressed: true });
};

test('words in place of a reference are refused as ever, and two presses log them and send the item back', () => {
  const on = onForges();
  on.stage.play(TO_QA);
  const refused = on.stage.say('quinn', '/fail SVC-1 the restore does not end');
  expect(refused).toMatchObject({ code: 'usage', outcome: { ok: false } });
  expect(on.jobs('log')).toEqual([]);
  const logged = press(on.stage, refused.outcome.text, /Major/);
  expect(logged.text).toContain('baton#1 is being logged in example/grid: the restore does not end, linked to SVC-1.');
  expect(on.jobs('log')).toMatchObject([
    { sort: 'issue', title: 'the restore does not end', labels: ['bug', 'major'] },
  ]);
  expect(on.stage.world().get('item', 'SVC-1')?.step).toBe('qa');
  on.stage.act((draft) => made(draft, 'baton#1', 'example/grid#7'));
  const failed = press(on.stage, logged.outcome.text, /Fail SVC-1/);
  expect(failed.text).toContain('qa of SVC-1 failed because of example/grid#7.');
  expect(on.jobs('log')).toHaveLength(1);
  expect(on.jobs('comment')).toContainEqual({
    do: 'comment',
    ref: 'example/grid#7',
    status: false,
    body: expect.stringMatching(/^SVC-1 went back to \S+ because of this: the restore does not end\.$/),
  });
});

test('a mistyped reference is no title', () => {
  const stage = createStage();
  stage.play(TO_QA);
  for (const words of ['example/grid 9', 'grid#x', 'us:', 'https:example.org'])
    expect(buttonsOf(stage.say('quinn', `/fail SVC-1 ${words}`).outcome.text)).toEqual([]);
});

test('the offer to fail is for whoever tests the item, while it is tested', () => {
  const stage = createStage();
  stage.play(TO_QA);
  const offered = (who: string) =>
    buttonsOf(stage.say(who, '/bug minor SVC-1 A typo').outcome.text).map(({ label }) => label);
  expect(offered('quinn')).toEqual(['Fail SVC-1 because of it']);
  expect(offered('dave')).toEqual([]);
  stage.play('quinn: /fail SVC-1 baton#1');
  expect(offered('quinn')).toEqual([]);
});
