import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Memory } from '../../adapters/telegram/ephemeral.ts';
import type { TelegramOptions } from '../../adapters/telegram/index.ts';
import type { Outgoing, Sent } from '../../src/ports.ts';
import type { Options, Person, Place } from '../peers/telegram/types.ts';
import { createRig, outgoing, type Rig } from './telegram-rig.ts';

/** Answers for one alone in a group, before servers that can show them so, refuse to, or show them to all. */

let rig: Rig;
let olga: Person;
let ops: Place;

async function open(options: Options = {}, more: Partial<TelegramOptions> = {}): Promise<void> {
  rig = await createRig(options, more);
  olga = rig.peer.user({ id: 1001, first_name: 'Olga', username: 'olga_p' });
  const pete = rig.peer.user({ id: 1002, first_name: 'Pete', username: 'pete_x' });
  ops = rig.peer.supergroup({ title: 'Ops', members: [olga, pete], bot: 'member' });
}
afterEach(async () => rig.close());

/** A store of names, as it would be after a restart too. */
function memory(kept: Record<string, string> = {}): Memory & { readonly kept: Record<string, string> } {
  return {
    kept,
    get: (name) => kept[name],
    set: async (name, value) => {
      kept[name] = value;
    },
  };
}

const PROBE = 'My answer to this is for you alone.';
const last = (place: { readonly id: number }) => rig.peer.fromBot(place).at(-1);
const answer = (more: Partial<NonNullable<Outgoing['answer']>> = {}): NonNullable<Outgoing['answer']> => ({
  account: 'telegram:1001',
  quiet: true,
  ok: false,
  isPrivate: false,
  ...more,
});
const message = (text: string, more: Partial<NonNullable<Outgoing['answer']>> = {}): Outgoing => {
  const said = olga.say(ops, '/release A-1');
  return outgoing(ops.id, [text], { answer: answer({ message: `${ops.id}/${said.message_id}`, ...more }) });
};
const quietly = (text: string, more: Partial<NonNullable<Outgoing['answer']>> = {}): Promise<Sent> =>
  rig.telegram.send(message(text, more));
/** What was once there for all to read, whether it is there still or not. */
const everSaid = (): string[] =>
  rig.peer
    .callsOf('sendMessage')
    .flatMap(({ params }) =>
      params.chat_id === ops.id || params.chat_id === String(ops.id) ? [String(params.text)] : [],
    );

describe('a server that hides them', () => {
  test('a probe that says nothing comes first, once, and then they are seen by the asker alone', async () => {
    await open();
    expect(await quietly('Only OPS releases.')).toEqual({ is: 'sent', id: null });
    expect(await quietly('Once more.')).toEqual({ is: 'sent', id: null });
    expect(rig.peer.fromBot(ops)).toMatchObject([
      { text: PROBE, visibleTo: 1001 },
      { text: 'Only OPS releases.', visibleTo: 1001 },
      { text: 'Once more.', visibleTo: 1001 },
    ]);
  });

  test('several at once wait for one probe', async () => {
    await open();
    const messages = ['One.', 'Two.', 'Three.'].map((text) => message(text));
    await Promise.all(messages.map((each) => rig.telegram.send(each)));
    expect(everSaid().filter((text) => text === PROBE)).toHaveLength(1);
    expect(rig.peer.fromBot(ops).every(({ visibleTo }) => visibleTo === 1001)).toBe(true);
    expect(rig.peer.fromBot(ops)).toHaveLength(4);
  });

  test('a restart does not ask again', async () => {
    const store = memory();
    await open({}, { memory: store });
    await quietly('Only OPS releases.');
    expect(Object.values(store.kept)).toEqual(['yes']);
    await rig.another().send(message('After the restart.'));
    expect(everSaid()).toEqual([PROBE, 'Only OPS releases.', 'After the restart.']);
  });

  test('another bot, or another server, is another matter', async () => {
    const store = memory({ 'ephemeral.1': 'yes' });
    await open({ ephemeral: 'ignored' }, { memory: store });
    olga.start();
    await quietly('Only OPS releases.');
    expect(everSaid()).toEqual([PROBE]);
  });

  test('a probe that is too late after the words proves nothing: in private, and the next tries again', async () => {
    await open();
    olga.start();
    rig.peer.fault('sendMessage', {
      error: 400,
      description: 'Bad Request: not enough rights to send an ephemeral message to the user',
    });
    expect(await quietly('One.')).toMatchObject({ id: expect.stringMatching(/^1001\//) });
    expect(await quietly('Two.')).toEqual({ is: 'sent', id: null });
    expect(rig.peer.fromBot(ops).map(({ text }) => text)).toEqual([PROBE, 'Two.']);
  });

  test.each([
    ['nobody knows', 'reset-after', { is: 'away' }],
    ['too fast', { retryAfter: 3 }, { is: 'later', after: 3_000 }],
  ] as const)('a probe of which %s: the answer has not left', async (_, fault, became) => {
    await open();
    rig.peer.fault('sendMessage', fault);
    const answered = message('Only OPS releases.');
    expect(await rig.telegram.send(answered)).toMatchObject(became);
    expect(everSaid()).not.toContain('Only OPS releases.');
    expect(await rig.telegram.send(answered)).toEqual({ is: 'sent', id: null });
  });
});

describe('a server that refuses them', () => {
  test('they come in private, and it is not asked again', async () => {
    const store = memory();
    await open({ ephemeral: 'refused' }, { memory: store });
    olga.start();
    expect(await quietly('Only OPS releases.')).toMatchObject({ is: 'sent', id: expect.stringMatching(/^1001\//) });
    await rig.another().send(message('Once more.'));
    expect(rig.peer.fromBot(olga.private).map(({ text }) => text)).toEqual(['Only OPS releases.', 'Once more.']);
    expect(everSaid()).toEqual([PROBE]);
    expect(rig.peer.fromBot(ops)).toEqual([]);
  });

  test('a month later it is asked again: it may have been renewed', async () => {
    let now = 0;
    await open({ ephemeral: 'refused' }, { clock: { now: () => now } });
    olga.start();
    await quietly('One.');
    rig.peer.ephemeral('supported');
    now = 29 * 24 * 3_600_000;
    await quietly('Two.');
    expect(rig.peer.fromBot(ops)).toEqual([]);
    now = 31 * 24 * 3_600_000;
    await quietly('Three.');
    expect(rig.peer.fromBot(ops).map(({ text }) => text)).toEqual([PROBE, 'Three.']);
  });

  test('who can not be reached in private is told in few words that go away', async () => {
    await open({ ephemeral: 'refused' });
    expect(await quietly('Only OPS releases.\nThe rest is for them.')).toEqual({ is: 'sent', id: null });
    expect(last(ops)?.text).toBe('Only OPS releases.');
    expect(rig.waits.map(({ milliseconds }) => milliseconds)).toEqual([30_000]);
    rig.waits[0]?.end();
    await rig.peer.waitFor(() => rig.peer.fromBot(ops).length === 0 || undefined);
    await quietly('The plan is secret.', { ok: true });
    expect(last(ops)?.text).not.toContain('secret');
  });

  test('an anonymous administrator has no private conversation', async () => {
    await open();
    await quietly('I do not know you here.', { account: `telegram:chat:${ops.id}` });
    expect(rig.peer.callsOf('sendMessage')).toHaveLength(1);
    expect(last(ops)?.text).toBe('I do not know you here.');
  });
});

describe('a server that shows them to all', () => {
  test('not even the first is ever public, and the probe is taken back', async () => {
    const store = memory();
    await open({ ephemeral: 'ignored' }, { memory: store });
    olga.start();
    await quietly('Only OPS releases.');
    expect(rig.peer.fromBot(ops)).toEqual([]);
    await rig.another().send(message('Once more.'));
    expect(everSaid()).toEqual([PROBE]);
    expect(rig.peer.fromBot(olga.private).map(({ text }) => text)).toEqual(['Only OPS releases.', 'Once more.']);
  });

  test('what can not be taken back loses its words', async () => {
    await open({ ephemeral: 'ignored' });
    olga.start();
    rig.peer.fault('deleteMessage', { error: 400, description: "Bad Request: message can't be deleted" });
    await quietly('Only OPS releases.');
    expect(rig.peer.fromBot(ops).map(({ text }) => text)).toEqual(['…']);
    expect(last(olga.private)?.text).toBe('Only OPS releases.');
  });

  test('a server that no longer hides what it hid is noticed', async () => {
    const store = memory();
    await open({}, { memory: store });
    olga.start();
    await quietly('One.');
    rig.peer.ephemeral('ignored');
    await quietly('Two.');
    await quietly('Three.');
    expect(rig.peer.fromBot(ops).filter(({ visibleTo }) => visibleTo === undefined)).toEqual([]);
    expect(rig.peer.fromBot(olga.private).map(({ text }) => text)).toEqual(['Two.', 'Three.']);
    expect(Object.values(store.kept)).toEqual([expect.stringMatching(/^no \d+$/)]);
  });

  test('a memory that fails is no reason to say nothing', async () => {
    const broken: Memory = { get: () => undefined, set: () => Promise.reject(new Error('disk')) };
    await open({}, { memory: broken });
    expect(await quietly('Only OPS releases.')).toEqual({ is: 'sent', id: null });
    await vi.waitFor(() => expect(rig.logged.join()).toContain('remembered'));
    await quietly('Once more.');
    expect(everSaid().filter((text) => text === PROBE)).toHaveLength(1);
  });
});
