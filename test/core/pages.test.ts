import { expect, test } from 'vitest';
import { nobodyReached, pageRefused } from '../../src/core/alerting.ts';
import { createStage, type Stage } from './stage.ts';

const FILE = `
organisation: Example
timezone: Europe/Brussels
people:
  - { id: olga, roles: [ops] }
  - { id: omar, roles: [ops] }
  - { id: oona, roles: [ops] }
  - { id: ada, roles: [admin] }
  - { id: dave, roles: [developer] }
chats:
  - { name: ops, team: ops, slack: C0OPS }
on_call: { rotates: weekly, starts: 2026-11-02, people: [omar, olga] }
`;
const FRIDAY = '2026-11-27T10:00:00+01:00';

/** A critical alert on a Friday: olga is the first on call, omar the second. */
function paged(): Stage {
  const stage = createStage(FILE);
  stage.moveTo(FRIDAY);
  stage.play('dave: /alert critical Down');
  return stage;
}

const refused = (stage: Stage, ...people: string[]): string[] => {
  const before = stage.messages.length;
  for (const person of people) stage.act((draft) => pageRefused(draft, 'ALERT-1', person));
  return stage.messages
    .slice(before)
    .map(({ kind, to }) => `${kind} ${'person' in to ? to.person : 'chat' in to ? to.chat : to.email}`);
};

test('a page that reaches nobody climbs at once, to each person once, and ends with OPS’s chat and the admins', () => {
  const stage = paged();
  expect(stage.messages.filter(({ kind }) => kind === 'page').map(({ to }) => to)).toEqual([{ person: 'olga' }]);
  expect(refused(stage, 'olga')).toEqual(['page omar']);
  expect(refused(stage, 'olga')).toEqual([]);
  expect(refused(stage, 'omar')).toEqual(['page oona', 'page ada']);
  // One of the two may still have got it.
  expect(refused(stage, 'oona')).toEqual([]);
  expect(refused(stage, 'ada')).toEqual(['escalation ops', 'escalation ada']);
  expect(refused(stage, 'ada', 'oona', 'omar', 'olga')).toEqual([]);
  expect(
    stage
      .world()
      .history('alert', 'ALERT-1')
      .filter(({ type }) => type === 'page-refused'),
  ).toHaveLength(4);
});

test('the ladder itself goes on as before, and its next page is a new one', () => {
  const stage = paged();
  refused(stage, 'olga');
  stage.moveTo('2026-11-27T10:10:00+01:00');
  expect(stage.messages.at(-1)).toMatchObject({ kind: 'page', to: { person: 'olga' } });
  expect(refused(stage, 'olga')).toEqual(['page omar']);
  expect(stage.world().get('alert', 'ALERT-1')?.pages).toBe(2);
});

test('nobody is woken for what somebody has, or by a refusal that is none of this page', () => {
  const stage = paged();
  expect(refused(stage, 'dave', 'omar')).toEqual([]);
  stage.play('oona: /ack ALERT-1');
  expect(refused(stage, 'olga')).toEqual([]);
  stage.act((draft) => pageRefused(draft, 'ALERT-9', 'olga'));
});

test('a test page that reaches nobody is told to the admins, once', () => {
  const stage = createStage(FILE);
  stage.moveTo('2026-11-26T16:00:00+01:00');
  const hints = () => stage.messages.filter(({ text }) => JSON.stringify(text).includes('can not be paged'));
  stage.act((draft) => nobodyReached(draft, 'dave'));
  expect(hints()).toEqual([]);
  for (let n = 0; n < 2; n += 1) stage.act((draft) => nobodyReached(draft, 'olga'));
  expect(hints()).toMatchObject([{ kind: 'hint', to: { person: 'ada' } }]);
  stage.play('olga: /ack test');
  stage.act((draft) => nobodyReached(draft, 'olga'));
  expect(hints()).toHaveLength(1);
});
