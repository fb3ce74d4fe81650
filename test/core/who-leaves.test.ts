import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dutyOf } from '../../src/core/duty.ts';
import { describeDuties } from '../../src/core/duty-text.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import { accountsOf } from '../../src/core/people.ts';
import { readRoster } from '../../src/core/roster.ts';
import { ONLY } from '../../src/core/streams.ts';
import { toPlain } from '../../src/core/text.ts';
import { folder } from '../shell/given.ts';
import { script } from '../support/script.ts';
import { outcomeOf, play } from '../support/simulator.ts';
import { createStage, type Stage } from './stage.ts';

/** Who leaves takes everything along, by a command or by the file; and only who is of OPS is on call. */

const file = (people: readonly string[], onCall = 'olga, omar'): string => `
organisation: Example
timezone: Europe/Brussels
people:
  - { id: ada, roles: [admin, bizdev] }
  - { id: olga, roles: [ops] }
  - { id: omar, roles: [ops] }
  - { id: otto, roles: [ops] }
  - { id: sam, roles: [stakeholder] }
  - { id: sue, roles: [stakeholder] }
${people.map((each) => `  - ${each}\n`).join('')}on_call: { rotates: weekly, starts: 2026-11-02, people: [${onCall}] }
`;
const WIM = '{ id: wim, roles: [web], telegram: 77 }';

/** The file as it is read at a start; without somebody, they have left by it. */
const restart = (stage: Stage, without?: string): void =>
  stage.act((draft) => {
    const { organisation } = stage;
    const people = organisation.people.filter(({ id }) => id !== without);
    const now: Organisation = { ...organisation, people };
    readRoster({ ...draft, organisation: now });
  });

test('whoever is added after somebody left by the file begins with nothing of theirs', async () => {
  const db = join(folder(), 'baton.db');
  const before = script(`
    @2026-11-23T10:00:00+01:00
    ada: /role grant ops wim
  `);
  await play(before, { organisation: file([WIM]), db });
  const after = script(`
    @2026-11-23T11:00:00+01:00
    ada: /person add wim Wilma Two roles qa telegram 4242
    wim: /whoami
  `);
  const played = await play(after, { organisation: file([]), db });
  expect(played.answers.map(outcomeOf)).toEqual(['moved', 'added', 'shown']);
  expect(played.answers[2]?.text).toContain('qa');
  expect(played.answers[2]?.text).not.toContain('ops');
});

test('accounts, grants and duties end with whoever leaves by the file; those of others stay', () => {
  const stage = createStage(file([WIM]));
  restart(stage);
  stage.play(`
    ada: /role grant ops wim
    ada: /role grant qa olga
    ada: /propose product One
    ada: /role grant circle-owner wim PROD-1
    olga: /oncall swap wim 2026-12-04
    wim: /oncall take
    omar: /oncall swap wim 2026-11-27`);
  stage.act((draft) => {
    draft.emit('people', ONLY, { type: 'account-linked', account: 'slack:U0WIM', person: 'wim' });
    draft.emit('people', ONLY, { type: 'account-linked', account: 'slack:U0OLGA', person: 'olga' });
    draft.emit('calendar', ONLY, { type: 'page-test-sent', people: ['wim', 'omar'] });
  });
  restart(stage, 'wim');
  expect(stage.world().get('item', 'PROD-1')?.grants).toEqual({ 'circle-owner': [] });
  const people = stage.world().get('people', ONLY);
  expect(people?.grants).toEqual({ olga: { qa: true } });
  expect(people?.accounts).toEqual({ 'slack:U0OLGA': 'olga' });
  expect(accountsOf(stage.world(), 'wim')).not.toContain('slack:U0WIM');
  expect(stage.world().get('calendar', ONLY)).toMatchObject({ swaps: {}, offers: [], tests: { omar: {} } });
  expect(stage.world().get('calendar', ONLY)?.tests).not.toHaveProperty('wim');
});

test('a day that was given away stays with whoever took it when the giver leaves', () => {
  const stage = createStage(file([]));
  stage.play('omar: /oncall swap otto 2026-11-27\notto: /oncall take\nada: /person remove omar');
  expect(dutyOf(stage.world(), '2026-11-27')).toEqual({ first: 'otto', second: 'olga' });
  stage.play('ada: /person add omar Another roles ops');
  expect(dutyOf(stage.world(), '2026-11-27')).toEqual({ first: 'otto', second: 'omar' });
});

test('a vote goes on without a granted elector who left by the file, and without their ballot', async () => {
  const db = join(folder(), 'baton.db');
  const before = script(`
    @2026-11-23T10:00:00+01:00
    ada: /role grant stakeholder wim
    sam: /call open
    ada: /propose product One
    wim: /approve PROD-1
  `);
  const first = await play(before, { organisation: file([WIM]), db });
  expect(first.answers.map(outcomeOf).at(-1)).toBe('voted');
  const after = '@2026-11-23T11:00:00+01:00\nsam: /approve PROD-1\nsue: /approve PROD-1';
  const second = await play(script(after), { organisation: file([]), db });
  expect(second.answers.map(outcomeOf)).toEqual(['moved', 'voted', 'approved']);
});

test('who is no longer of OPS is no longer on call: the next takes the turn, and the others keep theirs', () => {
  const stage = createStage(file([], 'olga, omar, otto'));
  const weeks = ['2026-11-04', '2026-11-11', '2026-11-18', '2026-11-25'];
  const duties = () => weeks.map((date) => Object.values(dutyOf(stage.world(), date)).join(' then '));
  expect(duties()).toEqual(['olga then omar', 'omar then otto', 'otto then olga', 'olga then omar']);
  stage.play('ada: /role revoke ops omar');
  expect(duties()).toEqual(['olga then otto', 'otto then olga', 'otto then olga', 'olga then otto']);
  const text = stage.say('olga', '/oncall').text;
  expect(text).toContain('names omar, not of OPS');
  stage.play('ada: /role grant ops omar');
  expect(duties()[1]).toBe('omar then otto');
  expect(stage.say('olga', '/oncall').text).not.toContain('not of OPS');
});

test('a swap to somebody who lost OPS leaves the day with who gave it away', () => {
  const stage = createStage(file([]));
  stage.play('omar: /oncall swap otto 2026-11-27\notto: /oncall take\nada: /role revoke ops otto');
  expect(dutyOf(stage.world(), '2026-11-27')).toEqual({ first: 'omar', second: 'olga' });
});

test('a rotation without anybody of OPS is nobody’s, and the list says so', () => {
  const stage = createStage(file([WIM], 'wim'));
  expect(dutyOf(stage.world(), '2026-11-27')).toEqual({ first: undefined, second: undefined });
  const rows = describeDuties(stage.world(), ['2026-11-27']).map(toPlain);
  expect(rows).toEqual([expect.stringContaining('nobody is on call'), expect.stringContaining('names wim')]);
  expect(describeDuties(stage.world(), [])).toEqual([]);
});
