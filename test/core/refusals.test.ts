import { expect, test } from 'vitest';
import { wordsOfPress } from '../../src/core/decide.ts';
import { formOf, wordsOfForm } from '../../src/core/form.ts';
import type { Button, Node } from '../../src/core/text.ts';
import { onForges, toProduction } from './on-forges.ts';
import { catalogue, createStage, type Said, type Stage } from './stage.ts';

/** A refusal carries the button that lifts it, and whoever was refused can press it. */

const ROADMAP = `
  sam: /call open
  bea: /propose product Grid
  sam: /approve PROD-1
  sue: /approve PROD-1
  sam: /prioritise PROD-1 1 owner pia`;

const buttonsIn = (text: readonly Node[]): Button[] =>
  text.flatMap((node) => (typeof node !== 'string' && node.node === 'buttons' ? node.buttons : []));
const buttonsOf = (said: Said) => buttonsIn(said.outcome.text);

function played(script: string): Stage {
  const stage = createStage();
  stage.play(script);
  return stage;
}

/** Presses, and fills in the form that it opens; the code of what came of it. */
function press(
  stage: Stage,
  as: string,
  button: Button | undefined,
  values: Readonly<Record<string, string>> = {},
): string {
  if (button === undefined) return 'no button';
  const line = wordsOfPress(catalogue, button.command, button.on, button.args ?? '');
  const said = stage.say(as, line, { pressed: true });
  if (said.code !== 'usage') return said.code;
  const form = formOf(catalogue, stage.world(), line);
  return form === undefined ? 'no form' : stage.say(as, wordsOfForm(catalogue, form.command, form.given, values)).code;
}

test('R1: Ask OPS climbs, with the reason', () => {
  const stage = played(ROADMAP);
  const said = stage.say('dave', '/release PROD-1 mainnet');
  expect(said.outcome).toMatchObject({ code: 'forbidden', rule: 'R1' });
  expect(buttonsOf(said).map(({ label }) => label)).toEqual(['Ask OPS']);
  expect(press(stage, 'dave', buttonsOf(said)[0], { reason: 'it waits' })).toBe('escalated');
});

test('R2: Remind me when the window opens', () => {
  const stage = played('bea: /propose project Bridge');
  stage.act((draft) => {
    draft.emit('item', 'PRJ-1', { type: 'agreed' });
    draft.emit('item', 'PRJ-1', {
      type: 'step-began',
      step: 'mainnet',
      number: 15,
      role: 'ops',
      baton: 'stays',
      why: 'next',
    });
  });
  stage.moveTo('2026-11-27T10:00:00+01:00');
  const said = stage.say('olga', '/release PRJ-1 mainnet');
  expect(said.outcome).toMatchObject({ code: 'refused', rule: 'R2' });
  expect(buttonsOf(said).map(({ label }) => label)).toEqual(['Remind me when the window opens']);
  expect(press(stage, 'olga', buttonsOf(said)[0])).toBe('awaited');
});

test('R12: what can go on the agenda is put there by the button, what is on it says when the call is', () => {
  const stage = played('bea: /propose service One');
  const urgent = stage.say('bea', '/propose service Two urgent #5');
  expect(urgent.outcome).toMatchObject({ code: 'refused', rule: 'R12' });
  expect(buttonsOf(urgent).map(({ label }) => label)).toEqual(['Put on the agenda']);
  expect(press(stage, 'bea', buttonsOf(urgent)[0])).toBe('proposed');
  expect(stage.say('sam', '/approve SVC-1').text).toContain('none is open or planned. SVC-1 is on its agenda');
  stage.play('sam: /call plan tomorrow 14:00');
  expect(stage.say('sam', '/approve SVC-1').text).toContain('the next one is Tue 24 Nov 14:00');
});

test('R10 and R13: the environment is asked for', () => {
  const stage = played('mia: /propose web Campaign');
  const ready = stage.say('dave', '/env ready staging WEB-1');
  expect(ready.outcome).toMatchObject({ code: 'forbidden', rule: 'R10' });
  expect(press(stage, 'dave', buttonsOf(ready)[0])).toBe('requested');
});

test('needs carry the buttons of the commands that lift them, two at most', () => {
  const stage = played(ROADMAP);
  const no = stage.say('pia', '/done PROD-1');
  expect(no.outcome).toMatchObject({ code: 'refused', needs: ['circle', 'roadmap-story', 'architect-sign-off'] });
  expect(buttonsOf(no).map(({ label }) => label)).toEqual(['Make the circle', 'Link a story']);
  expect(press(stage, 'pia', buttonsOf(no)[0])).toBe('recorded');
  expect(press(stage, 'pia', buttonsOf(no)[1], { ref: 'us:34' })).toBe('linked');
  const left = stage.say('pia', '/done PROD-1');
  expect(left.outcome.ok || left.outcome.needs).toEqual(['architect-sign-off']);
  // Pia is no architect: a button that is refused to her lifts nothing.
  expect(buttonsOf(left)).toEqual([]);
});

test('the button of a review that another has taken the place of: said to somebody whose vote is still missing', () => {
  const on = onForges();
  toProduction(on);
  const review = () =>
    on.stage
      .world()
      .get('item', 'WEB-1')
      ?.votes.find(({ subject }) => subject === 'review')?.id;
  on.stage.play('olga: /release WEB-1 staging v2');
  const before = review();
  on.stage.play('olga: /release WEB-1 staging v3');
  expect(on.stage.say('sue', `/approve ${before}`)).toMatchObject({
    code: 'already',
    text: 'That vote on WEB-1 is over; another is open: /approve WEB-1.',
  });
  expect(on.stage.say('sue', `/approve ${review()}`).code).toBe('voted');
  expect(on.stage.say('wim', `/approve ${before}`).text).toContain('The vote on WEB-1 is not yours');
});
