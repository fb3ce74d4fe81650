import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Options, Person, Place } from '../peers/telegram/types.ts';
import { createRig, type Rig } from './telegram-rig.ts';

/** The way in by polling, before the peer: what is confirmed when, and what ends in between. */

let rig: Rig;
let olga: Person;
let room: Place;

async function open(options: Options = {}): Promise<void> {
  rig = await createRig(options);
  olga = rig.peer.user({ id: 1001, first_name: 'Olga' });
  room = rig.peer.group({ title: 'Room', members: [olga], bot: 'admin' });
}
afterEach(async () => {
  rig.peer.clearFaults();
  await rig.close();
});

const say = (text: string): number => rig.peer.updateOf(olga.say(room, text))?.update_id ?? 0;
const texts = (from: Rig = rig): string[] =>
  [...from.inbox.bodies.values()].map((body) => {
    const read = from.telegram.read(body);
    return read?.sort === 'said' ? read.text : '';
  });
const stored = (...wanted: string[]) => vi.waitFor(() => expect(texts()).toEqual(wanted));
const isNow = (is: string) => vi.waitFor(() => expect(rig.telegram.state().is).toBe(is));
/** All have been confirmed: nothing is left at the peer. */
const confirmed = () => rig.peer.waitFor(() => rig.peer.pending().length === 0 || undefined);

test('what is asked for, and from where', async () => {
  await open();
  expect(rig.telegram.state()).toEqual({ is: 'starting', line: 'Telegram: connecting' });
  const first = say('/status');
  rig.telegram.start(rig.inbox);
  await stored('/status');
  expect([...rig.inbox.bodies.keys()]).toEqual([`telegram:${rig.peer.bot.id}:${first}`]);
  expect(rig.inbox.batches).toEqual([
    {
      ids: [`telegram:${rig.peer.bot.id}:${first}`],
      bookmark: expect.stringMatching(new RegExp(`^${rig.peer.bot.id} ${first + 1} \\d+$`)),
    },
  ]);
  await confirmed();
  expect(rig.peer.callsOf('getUpdates').map(({ params }) => params)).toEqual([
    expect.objectContaining({ offset: 0, limit: 100, timeout: 0 }),
    {
      offset: first + 1,
      limit: 100,
      timeout: 30,
      allowed_updates: ['message', 'callback_query', 'my_chat_member', 'chat_member', 'chat_join_request'],
    },
  ]);
  expect(rig.telegram.state()).toEqual({ is: 'connected', line: 'Telegram: connected as @baton_bot, by polling.' });
});

test('nothing is confirmed before it is stored', async () => {
  await open();
  const storing = Promise.withResolvers<'stored'>();
  const asked = Promise.withResolvers<void>();
  rig.inbox.before = () => {
    asked.resolve();
    return storing.promise;
  };
  say('/one');
  rig.telegram.start(rig.inbox);
  await asked.promise;
  say('/two');
  expect(rig.peer.pending()).toHaveLength(2);
  expect(rig.peer.callsOf('getUpdates')).toHaveLength(1);
  storing.resolve('stored');
  await stored('/one', '/two');
  await confirmed();
});

test('what ends in between is sent again, and stored once', async () => {
  await open();
  const id = say('/one');
  rig.inbox.before = async () => {
    throw new Error('killed');
  };
  rig.telegram.start(rig.inbox);
  await vi.waitFor(() => expect(rig.logged.join()).toContain('killed'));
  await rig.telegram.stop();
  expect(rig.peer.pending()).toHaveLength(1);
  rig.inbox.before = async () => 'stored';
  rig.another().start(rig.inbox);
  await stored('/one');
  await confirmed();
  rig.peer.redeliver(id);
  say('/two');
  await stored('/one', '/two');
});

test('a store that fails, and one that is full: asked again from the same place', async () => {
  await open();
  const tries: (() => 'stored' | 'full')[] = [
    () => {
      throw new Error('disk');
    },
    () => 'full',
    () => 'stored',
  ];
  const states: string[] = [];
  rig.inbox.before = async () => {
    states.push(rig.telegram.state().line);
    return tries.shift()?.() ?? 'stored';
  };
  say('/one');
  rig.telegram.start(rig.inbox);
  await stored('/one');
  await confirmed();
  expect(
    rig.peer
      .callsOf('getUpdates')
      .slice(0, 3)
      .map(({ params }) => params.offset),
  ).toEqual([0, 0, 0]);
  expect(states.slice(1)).toEqual([
    "Telegram: what comes in can't be stored (f00); Telegram keeps it",
    'Telegram: too much waits to be worked on; Telegram keeps the rest',
  ]);
  await isNow('connected');
});

test('ids may begin anew, lower or higher', async () => {
  await open();
  rig.peer.jump(5_000);
  say('/one');
  rig.telegram.start(rig.inbox);
  await stored('/one');
  rig.peer.jump(90_000_000);
  say('/two');
  await stored('/one', '/two');
  expect(rig.inbox.bookmark()).toMatch(/ 90000001 /);
});

test.each([
  ['that is none', () => 'x'],
  ['of another bot', () => `1 99999999 ${Date.now()}`],
  ['of more than a week ago', () => `${rig.peer.bot.id} 99999999 ${Date.now() - 7 * 24 * 3_600_000}`],
])('a bookmark %s begins at the beginning', async (_what, bookmark) => {
  await open();
  say('/one');
  rig.telegram.start({ ...rig.inbox, bookmark });
  await vi.waitFor(() => expect(rig.inbox.bodies.size).toBe(1));
});

describe('the end', () => {
  test('comes at once in a long poll', async () => {
    await open();
    rig.telegram.start(rig.inbox);
    await rig.peer.waitFor(() => rig.peer.callsOf('getUpdates').length === 1 || undefined);
    await rig.telegram.stop();
    expect(rig.logged.filter((line) => line.includes('trying again'))).toEqual([]);
  });

  test('comes at once in a wait', async () => {
    await open();
    rig.peer.fault('getMe', { error: 401, description: 'Unauthorized' });
    rig.telegram.start(rig.inbox);
    await isNow('refused');
    await rig.telegram.stop();
    expect(rig.peer.callsOf('getUpdates')).toEqual([]);
  });

  test('waits for what is being stored', async () => {
    await open();
    const storing = Promise.withResolvers<'stored'>();
    const asked = Promise.withResolvers<void>();
    rig.inbox.before = () => {
      asked.resolve();
      return storing.promise;
    };
    say('/one');
    rig.telegram.start(rig.inbox);
    await asked.promise;
    const stopped = rig.telegram.stop();
    storing.resolve('stored');
    await stopped;
    expect(rig.inbox.bodies.size).toBe(1);
  });
});

test('a group, a topic, a press and a request, from the platform to the core', async () => {
  await open();
  const { peer, telegram, inbox } = rig;
  const ops = peer.supergroup({ title: 'Ops', members: [olga], topics: ['Releases'] });
  telegram.start(inbox);
  olga.start();
  peer.addBot(ops, olga, { admin: true });
  olga.say(ops, '/status@baton_bot', { topic: 'Releases' });
  const sent = await telegram.send({
    id: 'm',
    address: { platform: 'telegram', chat: String(ops.id) },
    nodes: ['A-1', { node: 'buttons', buttons: [{ label: 'Yes', command: 'approve', on: 'A-1' }] }],
    token: () => 'tok',
    loud: false,
  });
  const card = peer.fromBot(ops).at(-1);
  if (card === undefined) throw new Error('there is no card');
  olga.press(card, 'Yes');
  olga.say(ops, 'because', { replyTo: card });
  olga.block();
  await vi.waitFor(() => {
    const all = [...inbox.bodies.values()].flatMap((body) => telegram.read(body) ?? []);
    expect(all).toMatchObject([
      { sort: 'said', text: '/help', isPrivate: true },
      { sort: 'added', title: 'Ops', seesAll: true },
      { sort: 'said', text: '/status', address: { thread: String(ops.topics.Releases) } },
      { sort: 'pressed', token: 'tok', message: sent.is === 'sent' ? sent.id : '' },
      { sort: 'said', text: 'because', answers: sent.is === 'sent' ? sent.id : '' },
      { sort: 'blocked', account: 'telegram:1001' },
    ]);
  });
});
