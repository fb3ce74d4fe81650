import { expect, test } from 'vitest';
import { identify } from '../../src/core/decide.ts';
import { accountsOf, findPerson, personOfAccount } from '../../src/core/people.ts';
import { table } from '../support/script.ts';
import { tally } from '../support/tally.ts';
import { createStage, type Stage } from './stage.ts';

const FILE = `
organisation: Example
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops], telegram: 1001, slack: U0OLGA, github: Olga-GH }
  - { id: dave, name: Dave, roles: [developer], telegram: "1010" }
  - { id: nina, name: Nina, telegram: nina_writes }
  - { id: "1001", name: Mister Number }
  - { id: U0OLGA, name: Miss Capital }
  - { id: ada, name: Ada, roles: [admin] }
chats:
  - { name: general, team: everyone, telegram: -1001, watch_mentions: true }
`;

/** Joins an account to a person by a code, as people do it. */
function link(stage: Stage, person: string, account: string): string {
  const secret = /Your code is (\S+)\./.exec(stage.say(person, '/link-account').text)?.[1] ?? '';
  return stage.say(account, `/iam ${secret}`).code;
}

test.each(
  table(`
  telegram:1001       -> olga
  telegram:1010       -> dave
  slack:U0OLGA        -> olga
  github:olga-gh      -> olga
  github:OLGA-GH      -> olga
  slack:T0OTHER/U0OLGA -> stranger
  telegram:nina_writes -> stranger
  telegram:olga       -> stranger
  slack:olga          -> stranger
  telegram:U0OLGA     -> stranger
  slack:1001          -> stranger
  telegram:99         -> stranger
`),
)('$columns is $outcome', ({ columns: [account = ''], outcome }) => {
  const actor = identify(createStage(FILE).world(), account, account.split(':')[0] ?? '');
  expect(actor).toMatchObject({ known: outcome !== 'stranger', account });
  expect(actor.id).toBe(outcome === 'stranger' ? account : outcome);
});

test('a plain word is a person’s id, or a stranger’s on that platform', () => {
  const { world } = createStage(FILE);
  expect(identify(world(), 'olga', 'slack')).toMatchObject({ id: 'olga', known: true, account: 'slack:olga' });
  expect(identify(world(), '1010', 'telegram').id).toBe('dave');
  expect(identify(world(), 'zed', 'telegram')).toMatchObject({ id: 'zed', known: false, account: 'telegram:zed' });
});

test('/iam records the account that was spoken from, and only that one is the person’s', () => {
  const stage = createStage(FILE);
  expect(link(stage, 'nina', 'telegram:77')).toBe('linked');
  expect(stage.world().get('people', 'all')?.accounts).toEqual({ 'telegram:77': 'nina' });
  expect(identify(stage.world(), 'telegram:77', 'telegram').id).toBe('nina');
  expect(identify(stage.world(), 'slack:77', 'slack').known).toBe(false);
  expect(link(stage, 'nina', 'slack:T0OTHER/U0NINA')).toBe('linked');
  expect(accountsOf(stage.world(), 'nina')).toEqual(['telegram:77', 'slack:T0OTHER/U0NINA']);
  expect(accountsOf(stage.world(), 'olga')).toEqual(['telegram:1001', 'slack:U0OLGA']);
  expect(stage.say('telegram:77', '/whoami').text).toContain('slack:T0OTHER/U0NINA (linked)');
});

test('one account is one person’s: neither the file’s nor a linked one goes to another', () => {
  const stage = createStage(FILE);
  expect(link(stage, 'nina', 'telegram:1001')).toBe('refused');
  expect(link(stage, 'nina', 'telegram:77')).toBe('linked');
  expect(link(stage, 'dave', 'telegram:77')).toBe('refused');
  expect(personOfAccount(stage.world(), 'telegram:1001')).toBe('olga');
  expect(personOfAccount(stage.world(), 'telegram:77')).toBe('nina');
});

test('who leaves takes no account along to the next person of that id', () => {
  const stage = createStage(FILE);
  link(stage, 'nina', 'telegram:77');
  expect(stage.say('ada', '/person remove nina').code).toBe('removed');
  expect(identify(stage.world(), 'telegram:77', 'telegram').known).toBe(false);
  expect(stage.say('ada', '/person add nina Another Nina').code).toBe('added');
  expect(identify(stage.world(), 'telegram:77', 'telegram').known).toBe(false);
});

test.each(
  table(`
  <@1010>          -> dave
  <@1001>          -> olga
  <@U0OLGA>        -> olga
  <@U0OLGA|olga>   -> olga
  <@77>            -> nina
  <@U0NINA>        -> nina
  <@99>            -> nobody
  <@dave>          -> dave
  @dave            -> dave
  1001             -> 1001
  nina_writes      -> nina
`),
)('$columns names $outcome', ({ columns: [words = ''], outcome }) => {
  const stage = createStage(FILE);
  link(stage, 'nina', 'telegram:77');
  link(stage, 'nina', 'slack:T0OTHER/U0NINA');
  expect(findPerson(stage.world(), words)?.id ?? 'nobody').toBe(outcome);
});

test('a mention by account gets R3’s hint like one by name', () => {
  const stage = createStage(FILE);
  link(stage, 'dave', 'telegram:78');
  const hinted = (text: string) => stage.say('slack:U0OLGA', text, { place: 'general' }).messages.map(({ to }) => to);
  expect(hinted('<@99> can you look')).toEqual([]);
  expect(hinted('hey <@78> can you look')).toEqual([{ person: 'olga' }]);
});

test('which of two is meant is not guessed, and nobody gets an id that looks like another’s', () => {
  const stage = createStage(`
organisation: Example
timezone: Europe/Brussels
people:
  - { id: ada, roles: [admin] }
  - { id: olga, roles: [ops], telegram: "@kim" }
  - { id: dave, roles: [developer], github: Kim }
  - { id: nina, roles: [web], telegram: "@nina_writes", github: nina-gh }
`);
  const wrong = ['/role grant ops @kim', '/role grant ops KIM', '/person remove kim'];
  for (const line of wrong) expect([line, stage.say('ada', line).code]).toEqual([line, 'not-found']);
  expect(stage.say('ada', '/role grant qa @Nina_Writes').text).toContain('nina is now qa');
  const ids = ['OLGA', 'Olga', 'ｏｌｇａ', 'ⓞlga', 'oLGA'];
  for (const id of ids)
    expect([id, stage.say('ada', `/person add ${id} Olga roles ops`).outcome.ok]).toEqual([id, false]);
  expect(stage.world().get('people', 'all')?.added ?? {}).toEqual({});
  expect(stage.say('ada', '/person add olga2 Olga').code).toBe('added');
  tally('bad input', 'an id that looks like another', wrong.length + ids.length);
});
