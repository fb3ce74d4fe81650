import { expect, test } from 'vitest';
import { withLetters } from '../../src/core/letters.ts';
import type { Letters } from '../../src/core/mail.ts';
import type { Message, SentKind } from '../../src/core/message.ts';
import { createStage, type Stage } from '../core/stage.ts';

/** Which messages are letters as well: those that somebody chose, to an address that takes them. */

const to = (person: string, kind: SentKind = 'page', text = 'The site is down'): Message => ({
  kind,
  to: { person },
  key: null,
  text: [text],
});
const letters = (stage: Stage, ...messages: readonly Message[]): readonly string[] => {
  const all = withLetters(stage.world(), messages);
  // What goes to the chat is there whatever goes by mail.
  expect(all.filter(({ to: whom }) => !('email' in whom))).toEqual(messages);
  return all.flatMap(({ kind, to: whom }) => ('email' in whom ? [`${kind} ${whom.email}`] : []));
};
const everyone = ['olga', 'sam', 'quinn', 'dave'].map((person) => to(person));

test('only who chose them, and only what they chose', () => {
  const stage = createStage();
  expect(letters(stage, ...everyone)).toEqual([]);
  stage.play('olga: /mail pages\nsam: /mail digests');
  expect(letters(stage, ...everyone)).toEqual(['page olga@example.org']);
  expect(letters(stage, to('sam', 'digest'), to('olga', 'digest'))).toEqual(['digest sam@example.org']);
  expect(letters(stage, { ...to('olga'), to: { chat: 'ops' } })).toEqual([]);
});

test.each<[SentKind, Letters | undefined]>([
  ['page', 'pages'],
  ['page-test', 'pages'],
  ['held-alert', 'pages'],
  ['escalation', 'pages'],
  ['digest', 'digests'],
  ['agenda', 'digests'],
  ['freeze', 'digests'],
  ['on-call', 'digests'],
  ['offer', undefined],
  ['hint', undefined],
  ['announcement', undefined],
])('%s is of the %s', (kind, sort) => {
  const stage = createStage();
  stage.play('olga: /mail pages\nsam: /mail digests');
  const expected = sort === 'pages' ? ['olga'] : sort === 'digests' ? ['sam'] : [];
  expect(letters(stage, to('olga', kind), to('sam', kind))).toEqual(
    expected.map((name) => `${kind} ${name}@example.org`),
  );
});

test('nothing goes to an address that is parked or that ended it, until it is chosen anew', () => {
  const stage = createStage();
  stage.play('olga: /mail pages');
  stage.act(
    (draft) => void draft.emit('mail', 'all', { type: 'mail-parked', address: 'OLGA@example.org', why: 'gone' }),
  );
  expect(letters(stage, to('olga'))).toEqual([]);
  expect(stage.say('olga', '/mail').text).toContain('No mail gets there: “gone”');
  stage.play('olga: /mail again');
  expect(letters(stage, to('olga'))).toEqual(['page olga@example.org']);
  // One click by somebody else who has the address: the choice stands, and the address does not want it.
  stage.act(
    (draft) =>
      void draft.emit('mail', 'all', {
        type: 'mail-ended',
        address: 'olga@example.org',
        letters: ['pages'],
        people: [],
      }),
  );
  expect(letters(stage, to('olga'))).toEqual([]);
  stage.play('olga: /mail pages');
  expect(letters(stage, to('olga'))).toEqual(['page olga@example.org']);
});

test('a parked address is lifted by a new choice, too', () => {
  const stage = createStage();
  stage.play('olga: /mail pages');
  stage.act(
    (draft) => void draft.emit('mail', 'all', { type: 'mail-parked', address: 'olga@example.org', why: 'gone' }),
  );
  stage.play('olga: /mail pages');
  expect(letters(stage, to('olga'))).toEqual(['page olga@example.org']);
});

test('two who share a mailbox read the same page there once, and each their own digest', () => {
  const stage = createStage(`
organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, roles: [ops], email: ops@example.org }
  - { id: omar, roles: [ops], email: OPS@example.org }
`);
  stage.play('olga: /mail pages digests\nomar: /mail pages digests');
  expect(letters(stage, to('olga'), to('omar'))).toEqual(['page ops@example.org']);
  expect(letters(stage, to('olga', 'digest', 'For Olga'), to('omar', 'digest', 'For Omar'))).toHaveLength(2);
});

test('who is added by command gets invitations like anybody else', () => {
  const stage = createStage();
  stage.play('ada: /person add zoe Zoe Quinn email zoe@example.org');
  stage.play('bea: /propose product A new grid');
  expect(stage.say('zoe', '/join PROD-1 mail').text).not.toContain('no e-mail address');
  stage.act((draft) => void draft.emit('item', 'PROD-1', { type: 'invited', by: 'lea' }));
  const mails = stage.messages.flatMap(({ to: whom }) => ('email' in whom ? [whom.email] : []));
  expect(mails).toEqual(['zoe@example.org']);
});
