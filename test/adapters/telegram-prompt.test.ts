import { afterEach, expect, test } from 'vitest';
import { buttons } from '../../src/core/text.ts';
import type { Form, Outgoing } from '../../src/ports.ts';
import type { Options, Person, Place } from '../peers/telegram/types.ts';
import { createRig, outgoing, type Rig } from './telegram-rig.ts';

/** What is lacking is asked for in words: where, of whom, and with which of them. */

let rig: Rig;
let olga: Person;
let ops: Place;

async function open(options: Options = {}): Promise<void> {
  rig = await createRig(options);
  olga = rig.peer.user({ id: 1001, first_name: 'Olga', username: 'olga_p' });
  ops = rig.peer.supergroup({ title: 'Ops', members: [olga], bot: 'member' });
}
afterEach(async () => rig.close());

const field = (name: string, label: string, more: Partial<Form['fields'][number]> = {}): Form['fields'][number] => ({
  name,
  label,
  optional: false,
  sort: 'text',
  ...more,
});
const form = (...fields: Form['fields']): Form => ({
  token: 'f1',
  title: '/reject A-1',
  example: '/reject WEB-1 the numbers are wrong',
  fields,
});
const WHY = form(field('reason', 'Why?', { sort: 'long' }));
const WORDS =
  '/reject A-1\nWhy? Answer this message. Or say it in one line, for example /reject WEB-1 the numbers are wrong';
const answer = (more: Partial<NonNullable<Outgoing['answer']>> = {}): NonNullable<Outgoing['answer']> => ({
  account: 'telegram:1001',
  quiet: true,
  ok: false,
  isPrivate: false,
  form: WHY,
  ...more,
});
const last = (place: { readonly id: number }) => rig.peer.fromBot(place).at(-1);
const refusal = ['The reason is missing. For example: /reject WEB-1 why'];
function ask(more: Partial<NonNullable<Outgoing['answer']>> = {}) {
  const said = olga.say(ops, '/reject A-1');
  return rig.telegram.send(
    outgoing(ops.id, refusal, { answer: answer({ message: `${ops.id}/${said.message_id}`, ...more }) }),
  );
}
async function press(more: Partial<NonNullable<Outgoing['answer']>> = {}) {
  await rig.telegram.send(outgoing(ops.id, ['A-1', buttons({ label: 'No', command: 'reject', on: 'A-1' })]));
  const card = last(ops);
  if (card === undefined) throw new Error('there is no card');
  const update = olga.press(card, 'No');
  const query = update.callback_query?.id ?? '';
  const sent = await rig.telegram.send(
    outgoing(ops.id, refusal, { answer: answer({ query, message: `${ops.id}/${card.id}`, ...more }) }),
  );
  return { update, sent };
}

test('what is lacking in a group is asked for in private, by that message alone', async () => {
  await open();
  olga.start();
  const sent = await ask();
  expect(rig.peer.fromBot(ops)).toEqual([]);
  const question = last(olga.private);
  expect(question).toMatchObject({ text: WORDS, forceReply: true });
  expect(
    question?.entities.map(({ type, offset, length }) => [type, question.text.slice(offset, offset + length)]),
  ).toEqual([
    ['code', '/reject A-1'],
    ['bold', 'Why?'],
    ['code', '/reject WEB-1 the numbers are wrong'],
  ]);
  // The reply to it names the very message that was told to the shell.
  expect(sent).toEqual({ is: 'sent', id: `1001/${question?.id}` });
  const update = question && rig.peer.updateOf(olga.say(olga.private, 'too slow', { replyTo: question }));
  expect(rig.telegram.read(update)).toMatchObject({
    isPrivate: true,
    answers: `1001/${question?.id}`,
    text: 'too slow',
  });
  expect(rig.waits).toEqual([]);
});

test('who can not be written to is asked in the group, for two minutes', async () => {
  await open();
  const sent = await ask();
  const question = last(ops);
  expect(sent).toEqual({ is: 'sent', id: `${ops.id}/${question?.id}` });
  expect(question).toMatchObject({ forceReply: true, text: WORDS, replyTo: expect.any(Number) });
  expect(rig.peer.callsOf('sendMessage').at(-1)?.params.reply_markup).toMatchObject({
    selective: true,
    input_field_placeholder: 'Why?',
  });
  expect(rig.waits.map(({ milliseconds }) => milliseconds)).toEqual([120_000]);
  rig.waits[0]?.end();
  await rig.peer.waitFor(() => rig.peer.fromBot(ops).length === 0 || undefined);
});

test('an anonymous administrator is asked in the group', async () => {
  await open();
  expect(await ask({ account: `telegram:chat:${ops.id}` })).toMatchObject({ is: 'sent' });
  expect(last(ops)).toMatchObject({ forceReply: true });
  expect(rig.peer.callsOf('sendMessage')).toHaveLength(1);
});

test('a platform that is busy is asked later, and not in the group', async () => {
  await open();
  olga.start();
  rig.peer.fault('sendMessage', { retryAfter: 3 });
  expect(await ask()).toMatchObject({ is: 'later', after: 3_000 });
  expect(rig.peer.fromBot(ops)).toEqual([]);
});

test('in private it is asked there, and stays', async () => {
  await open();
  olga.start();
  const said = olga.say(olga.private, '/reject A-1');
  await rig.telegram.send(
    outgoing(1001, refusal, { answer: answer({ isPrivate: true, quiet: false, message: `1001/${said.message_id}` }) }),
  );
  expect(last(olga.private)).toMatchObject({ text: WORDS, forceReply: true });
  expect(rig.waits).toEqual([]);
});

test('a button says that it is asked in private', async () => {
  await open();
  olga.start();
  const { update, sent } = await press();
  expect(sent).toMatchObject({ is: 'sent', id: expect.stringMatching(/^1001\//) });
  expect(last(olga.private)).toMatchObject({ text: WORDS, forceReply: true });
  const answered = await rig.peer.waitFor(() => rig.peer.answersTo(update)[0]);
  expect(answered).toMatchObject({ text: 'I ask you in our private conversation.', alert: false });
  expect(rig.peer.fromBot(ops)).toHaveLength(1);
});

test('the question is known as sent before the button is done waiting', async () => {
  await open();
  olga.start();
  rig.peer.fault('answerCallbackQuery', 'hang-before');
  const { sent } = await press();
  expect(sent).toMatchObject({ is: 'sent', id: expect.stringMatching(/^1001\//) });
  // What hangs is cut off, so that the end does not wait for it.
  await rig.peer.waitFor(() => rig.peer.callsOf('answerCallbackQuery').length === 1 || undefined);
  await rig.peer.away(true);
});

test('where only the group is left, the one who pressed is named, and nobody else', async () => {
  await open();
  const { update } = await press();
  const question = last(ops);
  expect(question).toMatchObject({ forceReply: true, text: `You: ${WORDS}` });
  expect(question && rig.peer.notified(question).mentioned).toEqual([1001]);
  expect(await rig.peer.waitFor(() => rig.peer.answersTo(update)[0])).toMatchObject({ text: '' });
  expect(rig.waits.map(({ milliseconds }) => milliseconds)).toEqual([120_000]);
});

test.each<[string, Form, string]>([
  [
    'of several the ones that must be, in the order in which they are read',
    form(
      field('severity', 'How bad is it?', { sort: 'choice', choices: ['minor', 'major'] }),
      field('ref', 'Which story?', { optional: true }),
      field('title', 'What is broken?'),
    ),
    '/reject A-1\n1. How bad is it? minor, major.\n2. What is broken?\nAnswer this message with both, in this order. Or say it in one line, for example /reject WEB-1 the numbers are wrong',
  ],
  [
    'of none that must be, the first',
    form(field('note', 'A note', { optional: true }), field('team', 'To which team?', { optional: true })),
    '/reject A-1\nA note. Answer this message. Or say it in one line, for example /reject WEB-1 the numbers are wrong',
  ],
  [
    'more than two',
    { ...form(field('a', 'A?'), field('b', 'B?'), field('c', 'C?')), example: '' },
    '/reject A-1\n1. A?\n2. B?\n3. C?\nAnswer this message with all three, in this order.',
  ],
])('%s', async (_, asked, text) => {
  await open();
  olga.start();
  await ask({ form: asked });
  expect(last(olga.private)?.text).toBe(text);
});

test('an answer with buttons is a question already', async () => {
  await open();
  olga.start();
  const nodes = ['Which one?', buttons({ label: 'A-1', command: 'reject', on: 'A-1' })];
  await rig.telegram.send(outgoing(1001, nodes, { answer: answer({ isPrivate: true }) }));
  expect(last(olga.private)).toMatchObject({ text: 'Which one?', keyboard: [[{ text: 'A-1' }]] });
});
