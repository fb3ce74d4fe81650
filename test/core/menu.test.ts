import { expect, test } from 'vitest';
import { homeOf } from '../../src/core/home.ts';
import { menuOf } from '../../src/core/menu.ts';
import { toPlain } from '../../src/core/text.ts';
import { catalogue, createStage, everyCommand, type Stage } from './stage.ts';

const names = (stage: Stage, person: string | undefined, where: 'private' | 'group' = 'private') =>
  menuOf(stage.world(), catalogue, person, where).map(({ command }) => command);

test('strangers find the way in, testers what testers may say', () => {
  const stage = createStage();
  expect(names(stage, undefined)).toEqual(['join', 'leave', 'iam', 'help']);
  expect(names(stage, 'telegram:99')).toEqual(['join', 'leave', 'iam', 'help']);
  stage.play('mia: /propose web Campaign');
  stage.act((draft) => {
    draft.emit('item', 'WEB-1', { type: 'joined', person: 'telegram:99', mail: false, via: 'telegram' });
  });
  expect(names(stage, 'telegram:99')).toEqual(['status', 'bug', 'help', 'leave']);
});

test('each role finds first what it does most, and nothing that it may not', () => {
  const stage = createStage();
  expect(names(stage, 'olga').slice(0, 3)).toEqual(['ack', 'resolve', 'release']);
  expect(names(stage, 'sam').slice(0, 3)).toEqual(['approve', 'reject', 'abstain']);
  expect(names(stage, 'ada').slice(0, 2)).toEqual(['role', 'person']);
  expect(names(stage, 'tom').slice(0, 3)).toEqual(['mine', 'status', 'board']);
  for (const command of ['role', 'call', 'ack', 'pass', 'approve']) expect(names(stage, 'dave')).not.toContain(command);
  for (const command of ['bind', 'iam']) expect(names(stage, 'olga')).not.toContain(command);
});

test('a role of one item counts', () => {
  const stage = createStage();
  expect(names(stage, 'pia')).not.toContain('circle');
  stage.play(`
    sam: /call open
    bea: /propose product Grid
    sam: /approve PROD-1
    sue: /approve PROD-1
    sam: /prioritise PROD-1 1 owner pia`);
  expect(names(stage, 'pia').slice(0, 2)).toEqual(['circle', 'link']);
});

test('a group is shown what anybody there may want, and nothing that is for private', () => {
  const menu = names(createStage(), undefined, 'group');
  expect(menu.slice(0, 2)).toEqual(['mine', 'status']);
  expect(menu).toEqual(expect.arrayContaining(['approve', 'ack', 'bind']));
  for (const command of ['web', 'link-account', 'iam', 'join']) expect(menu).not.toContain(command);
});

test('a menu is short, says each thing once, and names what is there', () => {
  const stage = createStage();
  for (const person of ['olga', 'sam', 'ada', 'tom', undefined])
    for (const where of ['private', 'group'] as const) {
      const menu = names(stage, person, where);
      expect(new Set(menu).size).toBe(menu.length);
      expect(menu.length).toBeLessThanOrEqual(100);
      for (const name of menu) expect(everyCommand.map((command) => command.name)).toContain(name);
    }
});

test('what the menu leaves out is refused to that person whatever they name', () => {
  const stage = createStage();
  stage.play('sam: /call open\nbea: /propose service One\ndave: /alert critical Down');
  const lines = [
    '/call plan Mon 14:00',
    '/prioritise SVC-1 1',
    '/ack',
    '/role grant qa tom',
    '/credentials SVC-1',
    '/pass SVC-1',
  ];
  for (const person of ['dave', 'quinn', 'ada', 'bea', 'lea'])
    for (const line of lines) {
      const command = /^\/(\S+)/.exec(line)?.[1] ?? '';
      if (!names(stage, person).includes(command))
        expect([person, line, stage.say(person, line).outcome.ok]).toEqual([person, line, false]);
    }
});

test('home shows what waits with its buttons, who is on call, the freeze in a line, and the board', () => {
  const stage = createStage();
  stage.play('sam: /call open\nbea: /propose service One\ndave: /alert critical Down');
  const home = (person: string) =>
    Object.fromEntries(homeOf(stage.world(), catalogue, person).map(({ title, nodes }) => [title, toPlain(nodes)]));
  expect(home('sam')['Waiting for you']).toContain('SVC-1 “One” (the agreement)\n[Approve] [Reject] [Abstain]');
  expect(home('olga')['Waiting for you']).toContain('ALERT-1 critical: Down (open)\n[Acknowledge] [Resolve]');
  expect(home('tom')).toMatchObject({ 'Waiting for you': 'Nothing waits for you.' });
  const { 'On call': onCall, 'The board': board, Releases: releases } = home('tom');
  expect(onCall).toContain('This week’s person');
  expect(releases).toMatch(/^Releases are open until [^\n]*$/);
  expect(board).toContain('SVC-1');
  expect(homeOf(stage.world(), catalogue, 'telegram:99')).toEqual([]);
});
