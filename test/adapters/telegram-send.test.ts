import { afterEach, describe, expect, test, vi } from 'vitest';
import { bold, buttons, code, say } from '../../src/core/text.ts';
import type { Outgoing, Sent } from '../../src/ports.ts';
import type { Options, Person, Place } from '../peers/telegram/types.ts';
import { createRig, outgoing, type Rig } from './telegram-rig.ts';

/** What leaves, before the peer: words, answers, presses, cards, and every way in which it fails. */

let rig: Rig;
let olga: Person;
let ops: Place;

async function open(options: Options = {}): Promise<void> {
  rig = await createRig(options);
  olga = rig.peer.user({ id: 1001, first_name: 'Olga', username: 'olga_p' });
  const pete = rig.peer.user({ id: 1002, first_name: 'Pete', username: 'pete_x' });
  ops = rig.peer.supergroup({ title: 'Ops', members: [olga, pete], bot: 'member', topics: ['Releases'] });
}
afterEach(async () => rig.close());

const send = (message: Outgoing): Promise<Sent> => rig.telegram.send(message);
const idOf = (sent: Sent): string => (sent.is === 'sent' ? (sent.id ?? '') : '');
const last = (place: { readonly id: number }) => rig.peer.fromBot(place).at(-1);
const answer = (more: Partial<NonNullable<Outgoing['answer']>> = {}): NonNullable<Outgoing['answer']> => ({
  account: 'telegram:1001',
  quiet: false,
  ok: true,
  isPrivate: false,
  ...more,
});
const vote = buttons({ label: 'Yes', command: 'approve', on: 'A-1' }, { label: 'No', command: 'reject', on: 'A-1' });

describe('messages', () => {
  test('a card in a topic, with entities, buttons and no preview', async () => {
    await open();
    const topic = String(ops.topics.Releases);
    const sent = await send(
      outgoing(ops.id, say`${bold('A-1')} https://example.org ${vote}`, {
        address: { platform: 'telegram', chat: String(ops.id), thread: topic },
        loud: true,
      }),
    );
    const card = last(ops);
    expect(sent).toEqual({ is: 'sent', id: `${ops.id}/${card?.id}` });
    expect(card).toMatchObject({
      text: 'A-1 https://example.org',
      topic: Number(topic),
      silent: false,
    });
    expect(card?.keyboard.map((row) => row.map(({ text }) => text))).toEqual([['Yes', 'No']]);
    expect(rig.peer.callsOf('sendMessage')[0]?.params).toMatchObject({
      link_preview_options: { is_disabled: true },
      disable_notification: false,
    });
  });

  test('other people’s words notify nobody', async () => {
    await open();
    await send(outgoing(ops.id, ['thanks @olga_p, see tg://user?id=1002 and /approve']));
    const card = last(ops);
    expect(card && rig.peer.notified(card).mentioned).toEqual([]);
    expect(card?.entities).toEqual([]);
  });

  test('a long one comes in parts, the buttons under the last, and that is the one to edit', async () => {
    await open();
    const long = outgoing(ops.id, [...Array.from({ length: 100 }, (_, at) => `line ${at} ${'x'.repeat(90)}\n`), vote]);
    const sent = await send(long);
    const parts = rig.peer.fromBot(ops);
    expect(parts.length).toBe(3);
    expect(parts.map(({ keyboard }) => keyboard.length)).toEqual([0, 0, 1]);
    expect(sent).toEqual({ is: 'sent', id: `${ops.id}/${parts[2]?.id}` });
    expect(rig.waits.map(({ milliseconds }) => milliseconds)).toEqual([1000, 1000]);
    expect(await rig.telegram.edit(idOf(sent), long)).toEqual(sent);
  });

  test('what broke off in the middle goes on there', async () => {
    await open();
    const long = outgoing(ops.id, ['a'.repeat(4096), '\n', 'b'.repeat(4096), '\n', 'c']);
    rig.holds = () => true;
    const first = send(long);
    await vi.waitFor(() => expect(rig.waits).toHaveLength(1));
    rig.peer.fault('sendMessage', { retryAfter: 3 });
    rig.waits[0]?.end();
    expect(await first).toMatchObject({ is: 'later', after: 3000 });
    rig.holds = () => false;
    expect(await send(long)).toMatchObject({ is: 'sent' });
    expect(rig.peer.fromBot(ops).map(({ text }) => text[0])).toEqual(['a', 'b', 'c']);
  });

  test('an edit changes text and buttons; the same once more is a success', async () => {
    await open();
    const sent = await send(outgoing(ops.id, say`1 of 3 ${vote}`));
    const done = outgoing(ops.id, say`3 of 3: ${bold('accepted')}`);
    expect(await rig.telegram.edit(idOf(sent), done)).toEqual(sent);
    expect(last(ops)).toMatchObject({ text: '3 of 3: accepted', keyboard: [], edited: true });
    expect(await rig.telegram.edit(idOf(sent), done)).toEqual(sent);
    expect(await rig.telegram.edit(`${ops.id}/999999`, done)).toMatchObject({ is: 'refused' });
    expect(await rig.telegram.edit('C1/17.5', done)).toMatchObject({ is: 'refused' });
  });

  test('a token that is too long is refused before anything leaves', async () => {
    await open();
    expect(await send(outgoing(ops.id, [vote], { token: () => 'x'.repeat(65) }))).toMatchObject({ is: 'refused' });
    expect(rig.peer.calls).toEqual([]);
  });
});

describe('answers', () => {
  test('in a group they hang on the words and stay in the topic', async () => {
    await open();
    const said = olga.say(ops, '/status', { topic: 'Releases' });
    const message = `${ops.id}/${said.message_id}`;
    const address = { platform: 'telegram' as const, chat: String(ops.id), thread: String(ops.topics.Releases) };
    await send(outgoing(ops.id, ['All well.'], { address, answer: answer({ message }) }));
    expect(last(ops)).toMatchObject({ replyTo: said.message_id, topic: ops.topics.Releases });
    await send(outgoing(ops.id, ['Still.'], { answer: answer({ message: `${ops.id}/999` }) }));
    expect(last(ops)?.text).toBe('Still.');
    expect(last(ops)).not.toHaveProperty('replyTo');
  });
});

describe('presses', () => {
  const press = async (label = 'Yes') => {
    await send(outgoing(ops.id, say`A-1 ${vote}`));
    const card = last(ops);
    if (card === undefined) throw new Error('there is no card');
    const update = olga.press(card, label);
    return { update, query: update.callback_query?.id ?? '', message: `${ops.id}/${card.id}` };
  };

  test('a short answer is shown on the button', async () => {
    await open();
    const { update, query, message } = await press();
    const sent = await send(
      outgoing(ops.id, say`Your yes counts: ${code('A-1')}.`, { answer: answer({ query, message }) }),
    );
    expect(sent).toEqual({ is: 'sent', id: null });
    expect(rig.peer.answersTo(update)).toMatchObject([{ text: 'Your yes counts: A-1.', alert: false }]);
    expect(rig.peer.fromBot(ops)).toHaveLength(1);
  });

  test('a refusal is one that must be closed', async () => {
    await open();
    const { update, query, message } = await press();
    await send(outgoing(ops.id, ['You may not.'], { answer: answer({ query, message, ok: false, quiet: true }) }));
    expect(rig.peer.answersTo(update)).toMatchObject([{ text: 'You may not.', alert: true }]);
  });

  test('silence ends the waiting of the button too', async () => {
    await open();
    const { update, query, message } = await press();
    expect(await send(outgoing(ops.id, [], { answer: answer({ query, message }) }))).toEqual({ is: 'sent', id: null });
    expect(rig.peer.answersTo(update)).toMatchObject([{ text: '' }]);
    expect(rig.peer.fromBot(ops)).toHaveLength(1);
  });

  test.each<[string, Outgoing['nodes']]>([
    ['long', ['x '.repeat(150)]],
    ['with a button that helps', say`You may not. ${buttons({ label: 'Ask OPS', command: 'escalate', on: 'A-1' })}`],
  ])('%s: a first line on the button, the whole for the one who pressed', async (_, nodes) => {
    await open();
    const { update, query, message } = await press();
    await send(outgoing(ops.id, nodes, { answer: answer({ query, message, ok: false, quiet: true }) }));
    expect(rig.peer.answersTo(update)).toHaveLength(1);
    expect(last(ops)).toMatchObject({ visibleTo: 1001 });
  });

  test('too late for the button: a refusal is said all the same, a yes is not', async () => {
    await open({ queryLife: 0 });
    const { query, message } = await press();
    rig.peer.queryLife(-1);
    expect(await send(outgoing(ops.id, ['Done.'], { answer: answer({ query, message }) }))).toEqual({
      is: 'sent',
      id: null,
    });
    expect(rig.peer.fromBot(ops)).toHaveLength(1);
    olga.start();
    await send(outgoing(ops.id, ['You may not.'], { answer: answer({ query, message, ok: false, quiet: true }) }));
    const said = [...rig.peer.fromBot(ops), ...rig.peer.fromBot(olga.private)].map(({ text }) => text);
    expect(said).toContain('You may not.');
  });
});
