import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Form } from '../../src/ports.ts';
import { openStage, reply, type Stage } from './slack-stage.ts';

/** Forms that come back: which field the error stands at, and what they show. */

const field = (name: string, optional = false): Form['fields'][number] => ({
  name,
  label: `${name}?`,
  optional,
  sort: 'text',
});
const form = (...fields: Form['fields']): Form => ({
  token: 'form-1',
  title: '/env request',
  example: '/env request qa WEB-1',
  fields,
});
const FORM = form(field('note', true), field('env'), field('key'));

let stage: Stage;
beforeEach(async () => {
  stage = await openStage('http', { with: { commands: ['env', 'mine'] } });
  await vi.waitFor(() => expect(stage.slack.state()).toMatchObject({ is: 'connected' }), 20_000);
});
afterEach(() => stage.stop());

const lacking = (again?: Form) =>
  reply(['Say it again.'], { ok: false, code: 'usage', quiet: true, ...(again === undefined ? {} : { form: again }) });

/** Where the error of an answer stands that asks with this form again. */
async function errorsOf(values: Record<string, string>, again?: Form): Promise<unknown> {
  stage.script.answer = () => lacking(FORM);
  await stage.olga.command('C0TEAM', '/baton', 'env request');
  const view = await stage.peer.waitFor(() => stage.peer.view('U0OLGA'));
  stage.script.answer = () => lacking(again);
  return (await stage.olga.submit(view, values)).errors;
}

test.each([
  [
    'the one that was filled in and is asked for again',
    { env: 'moon', key: 'WEB-1' },
    form(field('note', true), field('env')),
    'env',
  ],
  ['another one', { env: 'qa', key: 'WEB-0' }, form(field('note', true), field('key')), 'key'],
  [
    'an optional one that was filled in wrongly',
    { note: 'x', env: 'qa', key: 'WEB-1' },
    form(field('note', true)),
    'note',
  ],
  ['the first that is said to be wrong', { env: 'moon', key: 'WEB-0' }, form(field('env'), field('key')), 'env'],
  ['the first, where the form has none of them', { env: 'qa', key: 'WEB-1' }, form(field('other')), 'note'],
  ['the first, where no form comes', { env: 'qa', key: 'WEB-1' }, undefined, 'note'],
] as const)('the error stands at %s', async (_what, values, again, at) => {
  expect(await errorsOf({ ...values }, again)).toEqual({ [at]: 'Say it again.' });
});

test('a form names its command as it can be typed', async () => {
  stage.script.answer = () => lacking(FORM);
  await stage.olga.command('C0TEAM', '/baton', 'env request');
  const shown = JSON.stringify((await stage.peer.waitFor(() => stage.peer.view('U0OLGA'))).content);
  expect(shown).toContain('"env request — for example /baton env request qa WEB-1"');
  expect(shown).not.toContain(' /env');
});

test('what the shortcut takes may be spelt as in a channel', async () => {
  await stage.olga.shortcut('baton_say');
  const say = await stage.peer.waitFor(() => stage.peer.view('U0OLGA'));
  await stage.olga.submit(say, { words: '/baton mine' });
  expect(stage.decided.at(-1)?.incoming).toMatchObject({ text: '/mine', isPrivate: true });
});
