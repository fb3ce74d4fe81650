import { expect, test } from 'vitest';
import { formOf } from '../../src/core/form.ts';
import { readMoment } from '../../src/core/moment.ts';
import type { Button, Node } from '../../src/core/text.ts';
import { table } from '../support/script.ts';
import { catalogue, createStage, type Stage } from './stage.ts';

/** What people read: said once, in plain English, with the next thing to do. */

const buttonsIn = (text: readonly Node[]): Button[] =>
  text.flatMap((node) => (typeof node !== 'string' && node.node === 'buttons' ? node.buttons : []));

function played(script: string): Stage {
  const stage = createStage();
  stage.play(script);
  return stage;
}

const PROPOSED = 'sam: /call open\nbea: /propose product Grid';

test('a ballot is answered in a line where it was pressed, and with the tally where it was typed; never with a second card', () => {
  const stage = played(PROPOSED);
  const pressed = stage.say('sam', '/approve PROD-1', { place: 'board', pressed: true });
  expect(pressed.text).toBe('Your vote on PROD-1: approve. 1 of 2 needed.');
  const typed = stage.say('sol', '/abstain PROD-1');
  expect(typed.text).toBe('Agree on PROD-1 “Grid”\nApprove: Sam. Reject: –. Missing: Sue. Abstained: Sol. Needed: 2.');
  expect([...buttonsIn(pressed.outcome.text), ...buttonsIn(typed.outcome.text)]).toEqual([]);
});

test('an announcement is drafted and signed in a line each, and says whose signatures it needs', () => {
  const stage = played(PROPOSED);
  const drafted = stage.say('bea', '/announce PROD-1 Soon');
  expect(drafted.text).toBe(
    'ANN-1 on PROD-1 is drafted. It is posted once signed by 2 stakeholders (of Sam, Sue and Sol), 1 architect (Arno) and 1 circle owner (Bea).',
  );
  expect(drafted.messages[0]?.kind).toBe('vote-opened');
  const signed = stage.say('sam', '/approve ANN-1', { pressed: true });
  expect(signed.text).toBe('Your vote on ANN-1: approve. 1 of 4 needed.');
  stage.play('sue: /approve ANN-1\narno: /approve ANN-1');
  expect(stage.say('sol', '/status ANN-1').code).toBe('shown');
  const last = stage.say('bea', '/approve ANN-1', { pressed: true });
  expect([last.code, last.text]).toEqual(['announced', 'ANN-1: yours was the last signature it needed. It is posted.']);
});

test('a priority is not said twice in the chat that gets its card', () => {
  const decided = (place: string | null) => {
    const stage = played(`${PROPOSED}\nsam: /approve PROD-1\nsue: /approve PROD-1`);
    const said = stage.say('sam', '/prioritise PROD-1 1 owner pia', { place });
    expect(said.messages.map(({ to }) => to)).toContainEqual({ chat: 'board' });
    return said.text;
  };
  expect(decided('board')).not.toContain('has rank');
  expect(decided('general')).toContain('has rank 1');
  expect(decided(null)).toContain('has rank 1');
});

test('who may not is told whose it is, by name', () => {
  const stage = played(PROPOSED);
  expect(stage.say('dave', '/call open').text).toBe('That is for stakeholders (Sam, Sue and Sol).');
  expect(stage.say('dave', '/approve PROD-1').text).toContain('stakeholders (Sam, Sue and Sol)');
  expect(stage.say('dave', '/propose web Page').text).toContain('promotion (Mia)');
});

test('what OPS puts on an environment is asked of OPS by a button', () => {
  const stage = played('mia: /propose web Campaign');
  stage.act((draft) => {
    draft.emit('item', 'WEB-1', { type: 'agreed' });
    draft.emit('item', 'WEB-1', {
      type: 'step-began',
      step: 'staging',
      number: 9,
      role: 'ops',
      baton: 'stays',
      why: 'next',
    });
  });
  const said = stage.say('dave', '/release WEB-1 staging');
  expect(said).toMatchObject({ code: 'forbidden', text: expect.stringContaining('(Olga and Omar)') });
  expect(buttonsIn(said.outcome.text)).toMatchObject([{ label: 'Ask OPS', args: 'request staging' }]);
});

test('a review that is approved tells who releases next, with the button', () => {
  const stage = played('mia: /propose web Campaign');
  const electorate = ['sam', 'sue', 'sol'];
  const groups = [{ role: 'stakeholder', electorate, needed: 2, majority: true }];
  stage.act((draft) => {
    draft.emit('item', 'WEB-1', { type: 'agreed' });
    draft.emit('item', 'WEB-1', {
      type: 'step-began',
      step: 'production',
      number: 10,
      role: 'ops',
      baton: 'stays',
      why: 'next',
    });
    draft.emit('item', 'WEB-1', { type: 'vote-opened', vote: 'WEB-1/9', subject: 'review', groups, version: null });
  });
  stage.play('sam: /approve WEB-1');
  const closed = stage.say('sue', '/approve WEB-1').messages.filter(({ kind }) => kind === 'vote-closed');
  const withButton = closed.filter(({ text }) => buttonsIn(text).some(({ label }) => label === 'Release'));
  expect(closed.length).toBeGreaterThan(withButton.length);
  expect(withButton.map(({ to }) => to)).toEqual([{ chat: 'ops' }]);
  const [release] = withButton.flatMap(({ text }) => buttonsIn(text));
  expect(release).toMatchObject({ command: 'release', on: 'WEB-1', args: 'production' });
});

test('R12: a stakeholder is given the button that opens the call, and nobody else is', () => {
  const stage = played('bea: /propose service One');
  const said = stage.say('sam', '/approve SVC-1');
  expect(said.outcome).toMatchObject({ code: 'refused', rule: 'R12' });
  expect(buttonsIn(said.outcome.text)).toMatchObject([{ label: 'Open the call', command: 'call', on: 'open' }]);
});

test('R2 offers no reminder for what was released or has ended', () => {
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
    draft.emit('item', 'PRJ-1', {
      type: 'released',
      environment: 'mainnet',
      version: null,
      by: 'olga',
      approvedBy: [],
      emergency: null,
    });
  });
  stage.moveTo('2026-11-27T10:00:00+01:00');
  const said = stage.say('olga', '/release PRJ-1 mainnet');
  expect(said.outcome).toMatchObject({ code: 'refused', rule: 'R2' });
  expect(buttonsIn(said.outcome.text)).toEqual([]);
});

test('`me` is who speaks', () => {
  const stage = createStage();
  expect(stage.say('ada', '/role grant qa me').text).toBe('Ada is now qa.');
  expect(stage.say('ada', '/role revoke qa @me').code).toBe('revoked');
  expect(stage.say('ada', '/role grant qa nobody').text).toContain('Add them with /person add nobody NAME');
});

test('history, /mine and what is escalated speak plainly', () => {
  const stage = played(`${PROPOSED}\nsam: /approve PROD-1\npia: /escalate PROD-1 it waits`);
  expect(stage.say('sue', '/mine').text).toContain('PROD-1 “Grid”: your vote on the agreement');
  const { text } = stage.say('sue', '/history PROD-1');
  expect(text).toContain('Bea: proposed “Grid” (product)');
  expect(text).toContain('Sam: voted to approve');
  expect(text).toContain('escalated it to the team that holds it, it waits');
});

const MOMENTS = table(`
  words             -> at
  Tue 24 Nov 10:00  -> 2026-11-24T10:00
  24 November 9:30  -> 2026-11-24T09:30
  Mon 23 Nov 09:00  -> 2026-11-23T09:00
  Tue 24 Nov        -> 2026-11-24 all day
  Mon 23 Nov        -> 2026-11-23 all day
  Fri 1 Jan 10:00   -> 2027-01-01T10:00
  29 Feb            -> 2028-02-29 all day
  Mon 24 Nov 10:00  -> nothing
  31 Feb 10:00      -> nothing
  Tue 24 Nov 25:00  -> nothing
  Mon 14:00         -> 2026-11-23T14:00
`).filter(({ outcome }) => outcome !== 'at');

test.each(MOMENTS)('$columns is $outcome', ({ columns, outcome }) => {
  const { organisation } = createStage();
  const now = Date.parse('2026-11-23T10:00:00+01:00');
  const moment = readMoment(organisation, columns.join(' '), now);
  const [day, ...wholeDay] = outcome.split(' ');
  const at = wholeDay.length > 0 ? `${day}T00:00` : day;
  expect(moment).toEqual(
    outcome === 'nothing' ? undefined : { at: Date.parse(`${at}:00+01:00`), wholeDay: wholeDay.length > 0 },
  );
});

test('instants are taken as they are shown', () => {
  const stage = createStage();
  expect(stage.say('sam', '/call plan Tue 24 Nov 10:00').text).toContain('Tue 24 Nov 10:00');
  const frozen = stage.say('olga', '/freeze declare Thu 24 Dec 18:00 Sun 3 Jan family days');
  expect(frozen.text).toContain('from Thu 24 Dec 18:00 until Mon 4 Jan 00:00');
  expect(stage.say('omar', '/oncall swap olga Sat 28 Nov').text).toContain('Sat 28 Nov');
});

test('the example of a form is of the act that was meant', () => {
  const stage = createStage();
  expect(formOf(catalogue, stage.world(), '/call plan')?.example).toBe('/call plan Mon 14:00');
  expect(stage.say('dave', '/env ready').text).toContain('For example: /env ready testnet PROD-1');
});
