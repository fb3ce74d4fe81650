import { expect, test } from 'vitest';
import { createStage, type Stage } from './stage.ts';

/** An alert always has somebody, and whoever reports it reads who that is. */

interface Parts {
  readonly people?: readonly string[];
  readonly chat?: boolean;
  readonly rest?: string;
}

const OLGA = '{ id: olga, roles: [ops] }';
const OMAR = '{ id: omar, roles: [ops] }';
const ADA = '{ id: ada, roles: [admin] }';

const stageOf = ({ people = [], chat = true, rest = '' }: Parts = {}): Stage =>
  createStage(`
organisation: Example
timezone: Europe/Brussels
people:
${[...people, '{ id: dave, roles: [developer] }', '{ id: bea, roles: [bizdev] }'].map((person) => `  - ${person}`).join('\n')}
chats:
  - { name: ${chat ? 'ops, team: ops' : 'dev, team: developer'}, slack: C0 }
${rest}
`);

const TUESDAY = '2026-11-24T10:00:00+01:00';
const FRIDAY = '2026-11-27T10:00:00+01:00';

const toldSince = (stage: Stage, before: number): string[] =>
  stage.messages
    .slice(before)
    .filter(({ key }) => key === 'ALERT-1')
    .map(({ kind, to }) => `${kind} ${'person' in to ? to.person : 'chat' in to ? to.chat : to.email}`);

/** What dave reads, and who is told of it. */
function say(stage: Stage, words: string, at: string): { text: string; told: string[] } {
  stage.moveTo(at);
  const before = stage.messages.length;
  const { text } = stage.say('dave', words);
  return { text, told: toldSince(stage, before) };
}

test.each<[string, Parts, string, string, string[]]>([
  ['OPS, in private', { people: [OLGA], chat: false }, TUESDAY, 'OPS is told.', ['task olga']],
  ['OPS, paged', { people: [OLGA, ADA] }, FRIDAY, 'OPS is paged.', ['page olga']],
  ['nobody of OPS: its chat and the admins', { people: [ADA] }, TUESDAY, 'the admins are told, as nobody is of OPS.', ['task ops', 'task ada']],
  ['nobody of OPS: the admins are paged', { people: [ADA] }, FRIDAY, 'the admins are paged, as nobody is of OPS.', ['page ada']],
  ['nobody but a chat', {}, FRIDAY, 'OPS’s chat is paged, but nobody is of OPS who could take it.', ['page ops']],
  ['nobody at all', { chat: false }, FRIDAY, 'nobody is paged: tell somebody yourself, and have OPS named in the organisation’s file.', []],
])('what is critical: %s', (_case, parts, at, words, told) => {
  expect(say(stageOf(parts), '/alert critical Down', at)).toEqual({ text: expect.stringContaining(words), told });
}); // biome-ignore format: a table

test.each<[string, Parts, string, string[]]>([
  ['OPS', { people: [OLGA] }, 'OPS gets it Sun 29 Nov 09:00', ['held-alert ops']],
  ['the admins', { people: [ADA] }, 'the admins get it Sun 29 Nov 09:00', ['held-alert ops', 'held-alert ada']],
  ['a chat', {}, 'OPS’s chat gets it Sun 29 Nov 09:00', ['held-alert ops']],
  ['nobody', { chat: false }, 'nobody gets it Sun 29 Nov 09:00', []],
])('what is held, for %s', (_case, parts, words, told) => {
  const stage = stageOf(parts);
  expect(say(stage, '/alert major Slow', FRIDAY)).toEqual({ text: expect.stringContaining(words), told: [] });
  const before = stage.messages.length;
  stage.moveTo('2026-11-29T09:00:00+01:00');
  expect(toldSince(stage, before)).toEqual(told);
});

test('a critical bug says whom it alerts', () => {
  const stage = stageOf({ people: [ADA] });
  expect(say(stage, '/bug critical Down', TUESDAY).text).toContain(
    'The admins are alerted (ALERT-1), as nobody is of OPS.',
  );
});

test('a calendar without any hours: the ladder goes on until somebody takes it', () => {
  const rest = 'calendar: { ops_hours: { days: [] }, on_call_hours: { days: [] } }';
  const stage = stageOf({
    people: [OLGA, OMAR],
    rest: `${rest}\non_call: { rotates: weekly, starts: 2026-11-02, people: [olga, omar] }`,
  });
  const { told } = say(stage, '/alert critical Down', FRIDAY);
  const before = stage.messages.length;
  for (let minutes = 10; minutes <= 60; minutes += 10)
    stage.moveTo(new Date(Date.parse(FRIDAY) + minutes * 60_000).toISOString());
  expect(told).toContain('page omar');
  expect(toldSince(stage, before).filter((each) => each.startsWith('page'))).toEqual([
    'page omar', 'page omar', 'page olga', 'page olga', 'page olga', 'page olga', 'page omar',
  ]); // biome-ignore format: one glance
});

test.each<[string, Parts, string[]]>([
  ['empty', { people: [OLGA, OMAR], rest: 'on_call: { starts: 2026-11-02, people: [] }' }, ['page olga', 'page omar']],
  ['there is none', { people: [OLGA, OMAR] }, ['page olga', 'page omar']],
  ['of people who are not of OPS', { people: [OLGA], rest: 'on_call: { starts: 2026-11-02, people: [dave, bea] }' }, ['page olga']],
])('a rotation that is %s: all of OPS is paged', (_case, parts, told) => {
  expect(say(stageOf(parts), '/alert critical Down', FRIDAY).told).toEqual(told);
}); // biome-ignore format: a table

test('whoever is on call leaves in the middle of the ladder: the next page is the next person’s', () => {
  const stage = stageOf({ people: [OLGA, OMAR, ADA], rest: 'on_call: { starts: 2026-11-02, people: [olga, omar] }' });
  expect(say(stage, '/alert critical Down', FRIDAY).told).toEqual(['page omar']);
  stage.play('ada: /person remove omar');
  const before = stage.messages.length;
  stage.moveTo('2026-11-27T10:10:00+01:00');
  expect(toldSince(stage, before)).toEqual(['page olga']);
});

test('nobody acknowledges it, and there is no developer to tell: the admins hear it', () => {
  const stage = stageOf({ people: [OLGA, ADA] });
  say(stage, '/alert critical Down', TUESDAY);
  const before = stage.messages.length;
  stage.moveTo('2026-11-24T10:15:00+01:00');
  expect(toldSince(stage, before)).toEqual(['escalation ada']);
});

test('what OPS is asked for goes to the admins where nobody is of it, and says so', () => {
  const stage = stageOf({ people: [ADA], chat: false });
  stage.moveTo(TUESDAY);
  stage.play('bea: /propose product Alpha');
  const before = stage.messages.length;
  const { text } = stage.say('bea', '/env request devnet PROD-1');
  expect(text).toBe('The admins have the task, as nobody is of OPS: devnet for PROD-1.');
  expect(
    stage.messages
      .slice(before)
      .filter(({ kind }) => kind === 'task')
      .map(({ to }) => to),
  ).toEqual([{ person: 'ada' }]);
});
