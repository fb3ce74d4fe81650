import { afterEach, expect, test, vi } from 'vitest';
import type { Fault, Options, Person, Place } from '../peers/telegram/types.ts';
import { createRig, type Rig } from './telegram-rig.ts';

/** What goes wrong while polling: supervised, told in one line, and nothing of what was said is lost. */

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
const stored = (...wanted: string[]) => vi.waitFor(() => expect(texts()).toEqual(wanted), 5_000);
const isNow = (is: string) => vi.waitFor(() => expect(rig.telegram.state().is).toBe(is), 5_000);
/** All have been confirmed: nothing is left at the peer. */
const confirmed = () => rig.peer.waitFor(() => rig.peer.pending().length === 0 || undefined);

test.each<[string, Fault]>([
  ['a page', 'html'],
  ['nothing', 'empty'],
  ['far too much', 'huge'],
  ['a status alone', { status: 502 }],
  ['an error there', { error: 500, description: 'Internal Server Error' }],
  ['too fast', { retryAfter: 2 }],
  ['a reset before', 'reset-before'],
  ['a reset after', 'reset-after'],
  ['null', { status: 200, body: 'null' }],
  ['no list', { status: 200, body: '{"ok":true,"result":{}}' }],
  ['a list of something', { status: 200, body: '{"ok":true,"result":[1,{"update_id":"x"}]}' }],
])('%s: supervised, and nothing is lost', async (_, fault) => {
  await open();
  say('/one');
  rig.peer.fault('getUpdates', fault, 3);
  rig.telegram.start(rig.inbox);
  await stored('/one');
  await confirmed();
  await isNow('connected');
  expect(rig.waits).toHaveLength(3);
  expect(rig.waits.every(({ milliseconds }) => milliseconds > 0 && milliseconds <= 30_000)).toBe(true);
  expect(rig.logged.join()).not.toContain(rig.peer.token.split(':')[1]);
});

test('an outage: the waits grow to half a minute at most, and what was said meanwhile comes', async () => {
  await open();
  rig.telegram.start(rig.inbox);
  await isNow('connected');
  rig.holds = () => false;
  await rig.peer.away(true);
  await vi.waitFor(() => expect(rig.waits.length).toBeGreaterThan(12));
  expect(rig.telegram.state()).toEqual({
    is: 'away',
    line: 'Telegram: Telegram is not reached (ECONNREFUSED); trying again',
  });
  const waits = rig.waits.map(({ milliseconds }) => milliseconds);
  expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
  expect(Math.min(...waits.slice(8))).toBeGreaterThanOrEqual(15_000);
  expect(new Set(waits.slice(8)).size).toBeGreaterThan(1);
  say('/one');
  await rig.peer.away(false);
  await stored('/one');
  await isNow('connected');
});

test('another process polls with the token', async () => {
  await open({ conflictPause: 20 });
  rig.telegram.start(rig.inbox);
  await isNow('connected');
  const other = rig.another();
  other.start(rig.inbox);
  await vi.waitFor(() => {
    expect([rig.telegram, other].map((each) => each.state().line)).toContain(
      "Telegram: another process polls with this bot's token (409): stop it",
    );
  });
  await other.stop();
  say('/one');
  await stored('/one');
  await isNow('connected');
});

test('a webhook of earlier is removed, and what waited for it comes', async () => {
  await open();
  rig.peer.fault('getUpdates', {
    error: 409,
    description:
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  });
  say('/one');
  rig.telegram.start(rig.inbox);
  await stored('/one');
  expect(rig.peer.callsOf('deleteWebhook').map(({ params }) => params)).toEqual([{ drop_pending_updates: false }]);
  expect(rig.waits).toEqual([]);
});

test('a token that is not taken is looked at again each minute', async () => {
  await open();
  rig.peer.fault('getMe', { error: 401, description: 'Unauthorized' }, 2);
  rig.telegram.start(rig.inbox);
  await isNow('refused');
  expect(rig.telegram.state().line).toContain('@BotFather');
  expect(rig.waits.map(({ milliseconds }) => milliseconds)).toEqual([60_000]);
  rig.waits[0]?.end();
  await vi.waitFor(() => expect(rig.waits).toHaveLength(2));
  rig.waits[1]?.end();
  await isNow('connected');
});

const NOTHING: Fault = { status: 200, body: '{"ok":true,"result":[]}' };

test('a server that overlooks how long to wait is asked with a pause between', async () => {
  await open();
  rig.holds = (milliseconds) => milliseconds === 500;
  rig.peer.fault('getUpdates', NOTHING, 10_000);
  rig.another({ clock: { now: () => 5 } }).start(rig.inbox);
  await vi.waitFor(() => expect(rig.waits.map(({ milliseconds }) => milliseconds)).toEqual([500]));
  // The short one with which it begins, and one that was to be long.
  expect(rig.peer.callsOf('getUpdates').map(({ params }) => params.timeout)).toEqual([0, 30]);
  rig.waits[0]?.end();
  await vi.waitFor(() => expect(rig.waits).toHaveLength(2));
  expect(rig.peer.callsOf('getUpdates')).toHaveLength(3);
});

test('a long poll that took its time is followed by the next at once', async () => {
  await open();
  let now = 0;
  rig.holds = () => true;
  rig.peer.fault('getUpdates', NOTHING, 20);
  rig.another({ clock: { now: () => (now += 500) } }).start(rig.inbox);
  await vi.waitFor(() => expect(rig.peer.callsOf('getUpdates').length).toBeGreaterThan(20));
  expect(rig.waits).toEqual([]);
});

test('the end comes at once in that pause', async () => {
  await open();
  rig.holds = (milliseconds) => milliseconds === 500;
  rig.peer.fault('getUpdates', NOTHING, 10_000);
  const polling = rig.another({ clock: { now: () => 5 } });
  polling.start(rig.inbox);
  await vi.waitFor(() => expect(rig.waits).toHaveLength(1));
  await polling.stop();
  expect(rig.peer.callsOf('getUpdates')).toHaveLength(2);
});
