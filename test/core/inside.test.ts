import { expect, test } from 'vitest';
import { wordsOfPress } from '../../src/core/decide.ts';
import { tally } from '../support/tally.ts';
import { catalogue, createStage, everyCommand, type Stage } from './stage.ts';

/** Nothing of the organisation's inside reaches testers and strangers, by whichever command, named item or place. */

const FILE = `
organisation: Example
timezone: Europe/Brussels
people:
  - { id: secretolga, name: Nameolga, roles: [ops, admin, qa, stakeholder], telegram: 1001, github: ghsecret, email: hidden@example.org }
  - { id: secretbea, name: Namebea, roles: [bizdev, dev-lead, developer, architect] }
chats:
  - { name: inner, team: ops, slack: C0OPS }
  - { name: testers, team: testers, telegram: -1002 }
github: { repositories: [hiddenorg/grid] }
`;
const TESTER = 'telegram:5001';
const STRANGER = 'telegram:5002';
/** What must never be read: names, ids, accounts, refs, links, versions, and keys and titles of other items. */
const INSIDE =
  /secretolga|secretbea|nameolga|namebea|ghsecret|hidden|Hush|PROD-[4567]|v1\.hush|baton#|us:\d|ALERT-|ANN-|FREEZE-|because of/i;

/** PROD-5 is tested; the others are nobody's business. */
function organisation(): Stage {
  const stage = createStage(FILE);
  stage.play(`
    secretolga: /call open
    secretbea: /propose product Other
    secretbea: /propose product Other
    secretbea: /propose product Other
    secretbea: /propose product Hush four
    secretbea: /propose product Open grid
    secretbea: /propose product Hush six
    secretbea: /propose product Hush seven
    secretolga: /drop PROD-7 no
    secretbea: /link PROD-5 us:34 hiddenorg/grid#3 https://hidden.example.org/pad
    secretbea: /alert critical Hush this is down
    secretbea: /announce PROD-5 Hush
    secretolga: /freeze declare 2026-12-24 2027-01-03 Hush
    secretbea: /escalate PROD-4 Hush
    secretolga: /link-account`);
  stage.act((draft) => {
    draft.emit('item', 'PROD-5', { type: 'invited', by: 'secretbea' });
    draft.emit('item', 'PROD-5', { type: 'joined', person: TESTER, mail: false, via: 'telegram' });
    draft.emit('item', 'PROD-5', {
      type: 'released',
      environment: 'testnet',
      version: 'v1.hush',
      by: 'secretolga',
      approvedBy: ['secretolga'],
      emergency: null,
    });
    draft.emit('item', 'PROD-6', { type: 'invited', by: 'secretbea' });
    draft.emit('place', 'inner', { type: 'bound', item: 'PROD-4', by: 'secretbea' });
    draft.emit('place', 'testers', { type: 'bound', item: 'PROD-7', by: 'secretbea' });
  });
  return stage;
}

/** Asked again and again: nothing that is said to it stays. */
const there = organisation();

const WORDS = [
  '', 'PROD-4', 'PROD-5', 'PROD-7', 'PROD-99', 'PRODD-4', 'PROB-6', 'ALERT-1', 'ANN-1', 'hiddenorg/grid#3', 'us:34', 'baton#1', 'minor Broken', 'critical PROD-5 Broken', 'minor PROD-4 Broken',
  'PROD-4 why', 'grant qa secretbea', 'remove secretbea', 'add x X telegram 1001', 'declare', 'swap secretbea', 'open', 'request testnet PROD-4', 'help', 'secretolga', '@secretbea', '<@1001>',
]; // biome-ignore format: a list
const PLACES = [null, 'inner', 'testers', 'telegram:-77'];
/** What is said back of their own words is no secret. */
const without = (text: string, said: string): string =>
  said
    .split(/\s+/)
    .reduce((left, word) => (word === '' ? left : left.replaceAll(new RegExp(escaped(word), 'gi'), '')), text);
const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

test.each(everyCommand.map(({ name }) => name))('/%s tells testers and strangers nothing of the inside', (name) => {
  for (const as of [TESTER, STRANGER])
    for (const words of WORDS)
      for (const place of PLACES)
        for (const pressed of [false, true]) {
          const line = pressed ? wordsOfPress(catalogue, name, words, '') : `/${name} ${words}`;
          const said = there.ask(as, line, { place, pressed });
          const left = without(said.text, words).replaceAll('PROD-5', '').replace('Open grid', '');
          expect([as, line, place, INSIDE.exec(left)?.[0]]).toEqual([as, line, place, undefined]);
        }
});

test('strangers are told how to get in, and carry out only what is open to them', () => {
  for (const command of everyCommand) {
    const said = there.ask(STRANGER, `/${command.name} PROD-5`);
    if (command.open !== true) expect([command.name, said.code]).toEqual([command.name, 'forbidden']);
  }
});

test('a tester hears the title, the step and the environments of what they test, and nothing of what follows from a report', () => {
  expect(there.ask(TESTER, '/status').text).toBe('PROD-5 “Open grid”\nStep: agree.\nOn: testnet.');
  expect(there.ask(TESTER, '/bug critical PROD-5 It burns').text).toBe('Thank you: “It burns” is logged for PROD-5.');
  expect(there.ask(TESTER, '/status PROD-4').code).toBe('forbidden');
  expect(there.ask(TESTER, '/status PRODD-4').text).toBe('You see the items that you test.');
});

test('what has ended keeps its title to itself, and a chat its item', () => {
  expect(there.ask(STRANGER, '/join PROD-7').text).toMatch(/^There is nothing to join there yet/);
  expect(there.ask(STRANGER, '/join', { place: 'inner' }).code).toBe('usage');
});

test('a tester pages nobody again and again: after three that are open, the next is to be said as major', () => {
  const stage = organisation();
  const cry = (as: string, n: number, severity = 'critical') => stage.say(as, `/bug ${severity} PROD-5 It burns ${n}`);
  for (const n of [1, 2, 3]) expect(cry(TESTER, n).code).toBe('logged');
  const refused = cry(TESTER, 4);
  expect([refused.code, refused.text]).toEqual(['refused', expect.stringContaining('say it as major')]);
  expect(stage.world().open('alert').filter(({ reporter }) => reporter === TESTER)).toHaveLength(3);
  expect(cry(TESTER, 5, 'major').code).toBe('logged');
  for (const n of [6, 7, 8, 9]) expect(cry('secretbea', n).code).toBe('logged');
  const key = stage.world().open('alert').find(({ reporter }) => reporter === TESTER)?.key ?? '';
  expect(stage.say('secretolga', `/resolve ${key}`).code).toBe('resolved');
  expect(cry(TESTER, 10).code).toBe('logged');
  tally('bad input', 'a tester who cries wolf', 1);
}); // biome-ignore format: long lines

test('what there is, what has ended and what there never was: whoever does not belong hears the same of each', () => {
  for (const as of [TESTER, STRANGER])
    for (const line of ['/join KEY', '/leave KEY', '/status KEY', '/bug minor KEY', '/bug minor KEY It burns', '/join KEY mail'])
      for (const place of PLACES)
        for (const pressed of [false, true]) {
          // PROD-6 is open to all who were invited: that it is there is no secret.
          const heard = ['PROD-4', 'PROD-7', 'PROD-99', 'PRODD-4'].map((key) => there.ask(as, line.replace('KEY', key), { place, pressed }).text.replaceAll(key, 'KEY'));
          expect([as, line, place, heard]).toEqual([as, line, place, heard.map(() => heard[0])]);
        }
}); // biome-ignore format: long lines

test('what is looked for is there to be found: somebody of the organisation reads it', () => {
  for (const line of ['/status PROD-4', '/status PROD-5', '/join PROB-6', '/join PROD-7', '/history PROD-5', '/board'])
    expect([line, INSIDE.test(without(there.ask('telegram:1001', line).text, line))]).toEqual([line, true]);
});
