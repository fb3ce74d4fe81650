import { expect, test } from 'vitest';
import { showLive } from '../../src/core/live.ts';
import { circleMade, circleNotMade, made, notMade } from '../../src/core/made.ts';
import { toPlain } from '../../src/core/text.ts';
import { onForges, TO_ISSUES } from './on-forges.ts';

/** What is logged while GitHub and Circles are connected: a placeholder first, the real name everywhere later. */

test('a bug is ordered once, in the repository of its item, with its labels and a marker of its own', () => {
  const on = onForges();
  on.stage.play(TO_ISSUES);
  const said = on.stage.say('wim', '/bug major WEB-1 The form sends nothing');
  expect(said.text).toBe('baton#1 is being logged in example/web: The form sends nothing, linked to WEB-1.');
  expect(on.orders('log')).toEqual([
    {
      platform: 'github',
      where: 'example/web',
      of: 'baton#1',
      marker: expect.stringMatching(/^baton-1-[a-z0-9]+$/),
      job: {
        do: 'log',
        where: 'example/web',
        sort: 'issue',
        title: 'The form sends nothing',
        body: 'Logged through Baton by Wim, for WEB-1 “Campaign”.',
        labels: ['bug', 'major'],
        severity: 'major',
      },
    },
  ]);
});

test('what was made takes over: clock, alert, item, pair and the words of the answer', () => {
  const on = onForges();
  const { stage } = on;
  stage.play(TO_ISSUES);
  const said = stage.say('wim', '/bug critical WEB-1 It is down');
  stage.play('wim: /link WEB-1 us:5 baton#1');
  const since = stage.world().get('ref', 'baton#1')?.since;
  stage.moveTo(stage.world().now + 600_000);
  stage.act((draft) => made(draft, 'baton#1', 'example/web#12'));
  const world = stage.world();
  expect(world.get('ref', 'example/web#12')).toMatchObject({
    severity: 'critical',
    since,
    item: 'WEB-1',
    alert: 'ALERT-1',
    open: true,
    title: 'It is down',
  });
  expect(world.get('ref', 'baton#1')).toMatchObject({ became: 'example/web#12', open: false, alert: null });
  expect(world.get('alert', 'ALERT-1')).toMatchObject({ ref: 'example/web#12', state: 'open' });
  const links = world.get('item', 'WEB-1')?.links ?? [];
  expect(links.map(({ ref }) => ref)).not.toContain('baton#1');
  expect(links.find(({ ref }) => ref === 'grid/us:5')?.pairedWith).toEqual(['example/web#3', 'example/web#12']);
  expect(on.jobs('pair')).toContainEqual({ do: 'pair', story: 'grid/us:5', issue: 'example/web#12' });
  const live = 'live' in said.outcome ? said.outcome.live : undefined;
  if (live === undefined) throw new Error('the answer should change');
  expect(toPlain(showLive(world, live)?.text ?? [])).toBe(
    'example/web#12 is logged: It is down, linked to WEB-1. OPS is alerted (ALERT-1).',
  );
  expect([...stage.timers.keys()].filter((key) => key.startsWith('ref/'))).toEqual(['ref/example/web#12/news']);
});

test('the old name is understood, and a second word that it was made changes nothing', () => {
  const on = onForges();
  on.stage.play(`${TO_ISSUES}\n wim: /bug minor WEB-1 A typo`);
  on.stage.act((draft) => made(draft, 'baton#1', 'example/web#12'));
  const before = on.stage.world().get('item', 'WEB-1')?.version;
  on.stage.act((draft) => made(draft, 'baton#1', 'example/web#99'));
  expect(on.stage.world().get('item', 'WEB-1')?.version).toBe(before);
  expect(on.stage.world().get('ref', 'example/web#99')).toBeUndefined();
  expect(on.stage.ask('wim', '/status baton#1').text).toContain('example/web#12 “A typo”: open, minor');
  expect(on.stage.say('wim', '/link WEB-1 baton#1').code).toBe('already');
});

test('a webhook that is faster than the answer makes no second alert', () => {
  const on = onForges();
  on.stage.play('wim: /bug critical It is down');
  on.tell({ ref: 'example/grid#12', title: 'It is down', open: true, labels: ['bug', 'critical'] });
  expect(on.stage.world().open('alert')).toHaveLength(2);
  on.stage.act((draft) => made(draft, 'baton#1', 'example/grid#12'));
  expect(on.stage.world().open('alert')).toMatchObject([{ key: 'ALERT-1', ref: 'example/grid#12' }]);
  expect(on.stage.world().get('ref', 'example/grid#12')?.alert).toBe('ALERT-1');
});

test('what was closed under its placeholder is closed there', () => {
  const on = onForges();
  on.stage.play('wim: /bug minor A typo\n wim: /close baton#1');
  on.stage.act((draft) => made(draft, 'baton#1', 'example/grid#12'));
  expect(on.stage.world().get('ref', 'example/grid#12')?.open).toBe(false);
  expect(on.jobs('turn')).toEqual([{ do: 'turn', ref: 'example/grid#12', to: 'closed' }]);
});

test('what the platform does not take stays here, OPS hears why, and the answer says so', () => {
  const on = onForges();
  const said = on.stage.say('wim', '/bug minor A typo');
  on.stage.act((draft) => notMade(draft, 'baton#1', 'the token may not write'));
  expect(on.stage.messages.at(-1)).toMatchObject({ kind: 'hint', to: { chat: 'ops' } });
  expect(toPlain(on.stage.messages.at(-1)?.text ?? [])).toContain(
    'could not be logged in example/grid: the token may not write',
  );
  const live = 'live' in said.outcome ? said.outcome.live : undefined;
  if (live === undefined) throw new Error('the answer should change');
  expect(toPlain(showLive(on.stage.world(), live)?.text ?? [])).toContain('baton#1 is kept here');
});

test.each([
  ['/story As a tester I see what changed', 'circles', 'grid', 'story', 'baton/us:1'],
  ['/feedback The page is hard to find', 'circles', 'grid', 'feedback', 'baton/issue:1'],
  ['/feature Export the board', 'github', 'example/grid', 'issue', 'baton#1'],
  ['/alert major The mail is slow', 'github', 'example/grid', 'issue', 'baton#1'],
])('%s is logged in %s, %s', (words, platform, where, sort, of) => {
  const on = onForges();
  expect(on.stage.say('wim', words).outcome.ok).toBe(true);
  expect(on.orders('log')).toMatchObject([{ platform, where, of, job: { sort } }]);
});

test('a severity that is set in a chat is set on the issue; one that came as a label is not set again', () => {
  const on = onForges();
  on.tell({ ref: 'example/web#3', open: true, labels: ['minor', 'ui'] });
  expect(on.jobs('label')).toEqual([]);
  on.stage.play('olga: /alert critical example/web#3');
  expect(on.jobs('label')).toEqual([{ do: 'label', ref: 'example/web#3', add: ['critical'], remove: ['minor'] }]);
});

const TO_ROADMAP =
  'sam: /call open\n bea: /propose product Grid\n sam: /approve PROD-1\n sue: /approve PROD-1\n sam: /prioritise PROD-1 1 owner pia';

test('a circle is asked for once, recorded when it is there, and its owner hears of it', () => {
  const on = onForges();
  on.stage.play(TO_ROADMAP);
  expect(on.stage.say('pia', '/circle PROD-1 create').code).toBe('requested');
  expect(on.stage.say('pia', '/circle PROD-1 create').code).toBe('already');
  expect(on.orders('circle')).toMatchObject([{ platform: 'circles', of: 'PROD-1', job: { name: 'PROD-1 Grid' } }]);
  on.stage.moveTo('2026-11-23T11:00:00+01:00');
  on.stage.act((draft) => circleMade(draft, 'PROD-1', 'prod-1-grid'));
  expect(on.stage.world().get('item', 'PROD-1')).toMatchObject({
    circle: 'https://circles.example.org/project/prod-1-grid',
    circleAsked: false,
  });
  expect(on.stage.messages.at(-1)).toMatchObject({ kind: 'hint', to: { person: 'pia' } });
  on.stage.play('pia: /link PROD-1 us:34');
  expect(
    on.stage
      .world()
      .get('item', 'PROD-1')
      ?.links.map(({ ref }) => ref),
  ).toContain('prod-1-grid/us:34');
});

test('whoever has just asked for a circle sees it in the answer, and is not told beside it', () => {
  const on = onForges();
  on.stage.play(`${TO_ROADMAP}\n pia: /circle PROD-1 create`);
  const before = on.stage.messages.length;
  on.stage.act((draft) => circleMade(draft, 'PROD-1', 'prod-1-grid'));
  expect(on.stage.messages.slice(before)).toEqual([]);
});

test('a circle that can not be made may be asked for again', () => {
  const on = onForges();
  on.stage.play(
    'sam: /call open\n bea: /propose product Grid\n sam: /approve PROD-1\n sue: /approve PROD-1\n sam: /prioritise PROD-1 1 owner pia\n pia: /circle PROD-1 create',
  );
  on.stage.act((draft) => circleNotMade(draft, 'PROD-1', 'there is no template'));
  expect(toPlain(on.stage.messages.at(-1)?.text ?? [])).toContain('was not made: there is no template');
  expect(on.stage.say('pia', '/circle PROD-1 create').code).toBe('requested');
});
