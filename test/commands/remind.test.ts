import { expect, test } from 'vitest';
import { createStage, type Stage } from '../core/stage.ts';

/** A service that waits in the freeze of Thursday to Sunday; the window opens on Monday 30 November. */
const FROZEN = '2026-11-27T10:00:00+01:00';
const OPENS = '2026-11-30T00:00:00+01:00';

function frozen(): Stage {
  const stage = createStage();
  stage.play('bea: /propose service Backups\nbea: /propose service Other');
  stage.moveTo(FROZEN);
  return stage;
}

const hints = (stage: Stage) =>
  stage.messages.flatMap(({ kind, key, to, text }) =>
    kind === 'hint' && JSON.stringify(text).includes('release window is open') && 'person' in to
      ? [`${key} ${to.person}`]
      : [],
  );

test('each who asked is told once, when the window opens', () => {
  const stage = frozen();
  expect(stage.say('olga', '/remind SVC-1')).toMatchObject({
    code: 'awaited',
    text: 'I will tell you when the window opens for SVC-1 “Backups”: Mon 30 Nov 00:00.',
  });
  expect(stage.say('olga', '/remind SVC-1').code).toBe('already');
  stage.play('omar: /remind SVC-1\nolga: /remind SVC-2');
  stage.moveTo('2026-11-29T23:59:59+01:00');
  expect(hints(stage)).toEqual([]);
  stage.moveTo(OPENS);
  expect(hints(stage).sort()).toEqual(['SVC-1 olga', 'SVC-1 omar', 'SVC-2 olga']);
  expect(stage.messages.at(-1)?.text.at(-1)).toMatchObject({ buttons: [{ command: 'release', args: 'mainnet' }] });
  stage.moveTo('2026-12-07T12:00:00+01:00');
  expect(hints(stage)).toHaveLength(3);
});

test('what was dropped or released meanwhile is not spoken of, nor to who has left', () => {
  const stage = frozen();
  stage.play('olga: /remind SVC-1\nolga: /remind SVC-2\nomar: /remind SVC-2\nbea: /drop SVC-1 no');
  stage.act((draft) => {
    draft.emit('people', 'all', { type: 'person-removed', person: 'omar', by: 'ada' });
  });
  stage.moveTo(OPENS);
  expect(hints(stage)).toEqual(['SVC-2 olga']);
  const again = frozen();
  again.play('olga: /remind SVC-1');
  again.act((draft) => {
    const release = { environment: 'mainnet', version: null, by: 'olga', approvedBy: [], emergency: null } as const;
    draft.emit('item', 'SVC-1', { type: 'released', ...release });
  });
  again.moveTo(OPENS);
  expect(hints(again)).toEqual([]);
  expect(again.say('olga', '/remind SVC-1').code).toBe('already');
});

test('a freeze that is declared moves it back, one that is lifted moves it forward', () => {
  const stage = frozen();
  stage.play('olga: /remind SVC-1\nsam: /freeze declare 2026-11-28 2026-12-01 audit');
  stage.moveTo(OPENS);
  expect(hints(stage)).toEqual([]);
  stage.moveTo('2026-11-30T12:00:00+01:00');
  stage.play('sam: /freeze lift FREEZE-1');
  stage.moveTo('2026-11-30T12:00:00+01:00');
  expect(hints(stage)).toEqual(['SVC-1 olga']);
});

test('while the window is open there is nothing to wait for', () => {
  const stage = createStage();
  stage.play('bea: /propose service Backups');
  expect(stage.say('olga', '/remind SVC-1')).toMatchObject({
    code: 'already',
    text: 'The window for mainnet is open until Thu 26 Nov 00:00.',
  });
});
