import { expect, test } from 'vitest';
import { toWords } from '../../src/core/arguments.ts';
import { keyOf, parse, wordsOfPress } from '../../src/core/decide.ts';
import { type FormOf, formOf, wordsOfForm } from '../../src/core/form.ts';
import { table } from '../support/script.ts';
import { catalogue, createStage, everyCommand, type Stage } from './stage.ts';

const PLAYED = `
  sam: /call open
  bea: /propose product Grid
  sam: /approve PROD-1
  sue: /approve PROD-1
  bea: /propose service Backups
  mia: /propose web Campaign
  mia: /announce WEB-1 Soon
  sam: /freeze declare 2026-12-24 2027-01-03 holidays
  omar: /alert minor Slow`;

/** What somebody writes into a field. */
const ANSWERS: Readonly<Record<string, string>> = {
  act: '', key: 'PROD-1', ref: 'example/grid#9', refs: 'us:4 #10', 'key-or-ref': 'PROD-1', 'ref-or-title': 'The site is down', reason: 'because\nof this', note: 'well', text: 'Soon there',
  title: 'A new thing', url: 'https://docs.example.org/a', rank: '1', owner: 'pia', team: 'tom, dave', env: 'testnet', severity: 'major', role: 'product-owner', kind: 'web', person: 'tom', version: 'v1',
  date: '2026-11-28', when: 'Fri 14:00', from: '2026-12-28', until: '2026-12-29', id: 'FREEZE-1', code: 'AAAA-BBBB', name: 'Zoe Quick', circle: 'create', by: '2026-12-15', urgent: '#5',
  roles: 'qa, web', telegram: '2001', slack: 'U0ZOE', github: 'zoe-gh', email: 'zoe@example.org', keys: '',
}; // biome-ignore format: a table

function played(): Stage {
  const stage = createStage();
  stage.play(PLAYED);
  return stage;
}

const form = (stage: Stage, text: string): FormOf => {
  const made = formOf(catalogue, stage.world(), text);
  if (made === undefined) throw new Error(`no form for ${text}`);
  return made;
};

/** Fills in every field, or only those that must be. */
function filled({ command, given, fields }: FormOf, all: boolean, act?: string): string {
  const values = fields.map(({ name, optional, choices, value }) => {
    if (name === 'act') return [name, act ?? choices?.[0] ?? ''];
    const chosen = value ?? (name === 'team' ? 'qa' : ANSWERS[name]);
    const answer = (choices === undefined ? ANSWERS[name] : chosen) ?? '';
    return [name, optional && !all ? '' : answer];
  });
  return wordsOfForm(catalogue, command, given, Object.fromEntries(values));
}

/** Do the words after the command have the form that its arguments want? */
function understood(stage: Stage, text: string): boolean {
  const parsed = parse(catalogue, text);
  if (typeof parsed === 'string' || 'unknown' in parsed) return false;
  const { command, words } = parsed;
  const named = command.on === 'item' ? keyOf(stage.world(), words.all[0]) : undefined;
  const rest = named === undefined ? words : toWords(words.rest.replace(/^\S+\s*/, ''));
  return command.args.safeParse(command.read(rest, stage.world())).success;
}

const BALLOTS = ['approve', 'reject', 'abstain', 'announce'];
const BEGUN = everyCommand.flatMap(({ name }) =>
  ['', 'PROD-1', 'SVC-1', ...(BALLOTS.includes(name) ? ['ANN-1'] : []), 'declare', 'lift', 'swap', 'nonsense'].map(
    (on) => ({ name, on }),
  ),
);

test('whatever a button or a bare command is answered with usage, a form carries it out', () => {
  const asked = new Set<string>();
  const stage = played();
  const texts = BEGUN.flatMap(({ name, on }) =>
    [...new Set([wordsOfPress(catalogue, name, on, ''), `/${name} ${on}`.trim()])].map((text) => ({ name, text })),
  );
  for (const { name, text } of texts) {
    for (const as of ['sam', 'ada', 'olga']) {
      if (stage.ask(as, text).code !== 'usage') continue;
      // Words too many are nothing that a form could ask for.
      const made = formOf(catalogue, stage.world(), text);
      if (made === undefined && /is too much/.test(stage.ask(as, text).text)) continue;
      asked.add(name);
      const acts = made?.fields.find((field) => field.name === 'act')?.choices ?? [undefined];
      for (const act of acts)
        for (const all of [true, false]) {
          const line = filled(form(stage, text), all || act !== undefined, act);
          expect([text, line, understood(stage, line)]).toEqual([text, line, true]);
          // What is left out may still be wanted where the item was: only the whole form says it all.
          if (!all) continue;
          const said = stage.ask(as, line);
          expect([text, line, said.code === 'usage' ? said.text : 'taken']).toEqual([text, line, 'taken']);
        }
    }
  }
  const wanting = everyCommand
    .filter(({ usage }) => /(?:^|\| )\/\S+ (?!\[)(?!KEY$)/.test(usage))
    .map(({ name }) => name);
  expect(wanting.filter((name) => !asked.has(name))).toEqual([]);
});

test.each(
  table(`
  /reject WEB-1                       -> /reject WEB-1 | reason!
  /reject                             -> /reject | key? reason!
  /return                             -> /return | key? ref! reason!
  /return WEB-1 #9                    -> /return WEB-1 #9 | reason!
  /return WEB-1 it does not start     -> /return WEB-1 it does not start | ref!
  /prioritise WEB-1                   -> /prioritise WEB-1 | rank! owner? team?
  /prioritise PROD-1                  -> /prioritise PROD-1 | rank! owner! team?
  /prioritise PROD-1 1                -> /prioritise PROD-1 | rank!=1 owner! team?
  /handover WEB-1                     -> /handover WEB-1 | team! note?
  /handover WEB-1 qaa                 -> /handover WEB-1 | team!=qa note?
  /release WEB-1                      -> /release WEB-1 | env! version?
  /release stagin                     -> /release | key? env!=staging version?
  /bug                                -> /bug | severity! title!
  /bug WEB-1                          -> /bug | severity! title!
  /bug The login                      -> /bug The login | severity!
  /bug minr The login                 -> /bug The login | severity!=minor
  /alert critical                     -> /alert critical | ref-or-title!
  /urgent WEB-1                       -> /urgent WEB-1 | title!
  /propose                            -> /propose | kind! title! urgent?
  /propose web                        -> /propose web | title! urgent?
  /announce WEB-1                     -> /announce WEB-1 | by? text!
  /announce WEB-1 by 2026-12-15       -> /announce WEB-1 by 2026-12-15 | text!
  /circle PROD-1                      -> /circle PROD-1 | circle!=create
  /call                               -> /call | act! when?
  /call plan                          -> /call plan | when!
  /call plan someday                  -> /call plan | when!=someday
  /env                                -> /env | act! env! key!
  /env ready staging                  -> /env ready staging | key!
  /freeze lift                        -> /freeze lift | id!
  /freeze declare 2026-12-24 18:00    -> /freeze declare 2026-12-24 18:00 | until! reason!
  /oncall swap                        -> /oncall swap | person! date?
  /role grant                         -> /role grant | role! person! key?
  /role grant qaa tom                 -> /role grant tom | role!=qa key?
  /person add zoe                     -> /person add zoe | name! roles? telegram? slack? github? email?
  /link WEB-1                         -> /link WEB-1 | ref! refs?
  /link WEB-1 foo                     -> /link WEB-1 | ref!=foo refs?
  /docs WEB-1 docs.example.org        -> /docs WEB-1 | url!=docs.example.org
  /bind                               -> /bind | key!
  /escalate WEB-1                     -> /escalate WEB-1 | reason!
  /iam                                -> /iam | code!
`),
)('$columns asks for $outcome', ({ columns, outcome }) => {
  const { title, fields } = form(played(), columns.join(' '));
  const shown = fields.map(
    ({ name, optional, value }) => `${name}${optional ? '?' : '!'}${value === undefined ? '' : `=${value}`}`,
  );
  expect(`${title} | ${shown.join(' ')}`).toBe(outcome);
});

test.each([
  ['/reject WEB-1', { reason: 'the texts\nare not ready' }, '/reject WEB-1 the texts\nare not ready'],
  ['/return', { key: '', ref: ' #9 ', reason: 'no' }, '/return #9 no'],
  [
    '/prioritise PROD-1',
    { rank: '2', owner: 'U0PIA', team: 'tom, tina' },
    '/prioritise PROD-1 2 owner <@U0PIA> team tom, tina',
  ],
  ['/prioritise PROD-1', { rank: '2', owner: '', team: 'tom' }, '/prioritise PROD-1 2 team tom'],
  ['/bug WEB-1', { severity: 'major', title: 'The login' }, '/bug major WEB-1 The login'],
  ['/bug The login', { severity: 'major' }, '/bug major The login'],
  ['/announce WEB-1', { by: '2026-12-15', text: 'Soon' }, '/announce WEB-1 by 2026-12-15 Soon'],
  ['/propose web', { title: 'A page', urgent: '#5' }, '/propose web A page urgent #5'],
  ['/call', { act: 'plan', when: 'Mon 14:00' }, '/call plan Mon 14:00'],
  ['/env ready staging', { key: 'WEB-1' }, '/env ready staging WEB-1'],
  [
    '/person add zoe',
    { name: 'Zoe Quick', roles: 'qa, web', telegram: '2001' },
    '/person add zoe Zoe Quick roles qa,web telegram 2001',
  ],
  ['/role', { act: 'grant', role: 'qa', person: 'tom', key: '' }, '/role grant qa tom'],
])('%s filled in is %s', (text, values, line) => {
  const { command, given } = form(played(), text);
  expect(wordsOfForm(catalogue, command, given, values)).toBe(line);
});

test('a form has choices where the words are few, and asks for nothing where nothing is missing', () => {
  const stage = played();
  const choices = (text: string, name: string) => form(stage, text).fields.find((field) => field.name === name);
  expect(choices('/handover WEB-1', 'team')).toMatchObject({ sort: 'choice', choices: expect.arrayContaining(['qa']) });
  expect(choices('/freeze lift', 'id')?.choices).toEqual(['FREEZE-1']);
  expect(choices('/propose', 'kind')?.choices).toContain('web');
  expect(choices('/oncall swap', 'person')?.sort).toBe('person');
  expect(choices('/drop WEB-1', 'reason')?.sort).toBe('long');
  expect(formOf(catalogue, stage.world(), '/done WEB-1 and more')).toBeUndefined();
  expect(formOf(catalogue, stage.world(), '/nonsense')).toBeUndefined();
  expect(formOf(catalogue, stage.world(), '/board')).toBeUndefined();
});

test('in a bound place the item may be left out', () => {
  const stage = played();
  stage.say('sam', '/bind WEB-1', { place: 'dev' });
  const key = (place: string | null) =>
    formOf(catalogue, stage.world(), '/drop', place)?.fields.find((field) => field.name === 'key')?.optional;
  expect([key('dev'), key(null)]).toEqual([true, false]);
});

test('a message from a private conversation on Slack has no slash', () => {
  expect(form(played(), 'reject WEB-1').title).toBe('/reject WEB-1');
});

test('what was tampered with makes a line that is judged like any other', () => {
  expect(wordsOfForm(catalogue, 'reject', 'no json', { reason: 'x', bogus: 'y' })).toBe('/reject x');
  expect(wordsOfForm(catalogue, 'nonsense', '{}', {})).toBe('/nonsense');
});

test('a button to log something says about which item, and never logs its key', () => {
  const stage = played();
  for (const command of ['bug', 'feature', 'story', 'feedback'])
    expect([command, stage.say('sam', wordsOfPress(catalogue, command, 'WEB-1', '')).code]).toEqual([command, 'usage']);
  expect(stage.say('sam', '/feature WEB-1 Darker colours').outcome.key).toBe('WEB-1');
});
