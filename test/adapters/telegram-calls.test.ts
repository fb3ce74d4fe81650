import { afterEach, describe, expect, test } from 'vitest';
import type { Outgoing, Sent } from '../../src/ports.ts';
import type { Fault, Person, Place } from '../peers/telegram/types.ts';
import { createRig, outgoing, type Rig } from './telegram-rig.ts';

/** Every way in which a message fails to leave, and what is set up at the platform. */

let rig: Rig;
let olga: Person;
let ops: Place;

async function open(): Promise<void> {
  rig = await createRig();
  olga = rig.peer.user({ id: 1001, first_name: 'Olga', username: 'olga_p' });
  ops = rig.peer.supergroup({ title: 'Ops', members: [olga], bot: 'member' });
}
afterEach(async () => rig.close());

const send = (message: Outgoing): Promise<Sent> => rig.telegram.send(message);

describe('failures', () => {
  test.each<[string, Fault, Partial<Sent>]>([
    ['too fast', { retryAfter: 7 }, { is: 'later', after: 7000 } as Partial<Sent>],
    ['a wait of nothing', { retryAfter: 0 }, { is: 'later', after: 1000 } as Partial<Sent>],
    ['a wait below nothing', { retryAfter: -5 }, { is: 'later', after: 1000 } as Partial<Sent>],
    ['a wait of years', { retryAfter: 1e12 }, { is: 'later', after: 3_600_000 } as Partial<Sent>],
    ['a wait in words', { retryAfter: 'soon' }, { is: 'later', after: 5000 } as Partial<Sent>],
    ['no wait', { retryAfter: null }, { is: 'later', after: 5000 } as Partial<Sent>],
    ['a bad message', { error: 400, description: 'Bad Request: message is too long' }, { is: 'refused' }],
    ['forbidden', { error: 403, description: 'Forbidden: bot was kicked' }, { is: 'refused', unreachable: true }],
    ['no chat', { error: 400, description: 'Bad Request: chat not found' }, { is: 'refused', unreachable: true }],
    ['not found', { error: 404, description: 'Not Found' }, { is: 'refused' }],
    ['a token that is not taken', { error: 401, description: 'Unauthorized' }, { is: 'away' }],
    ['trouble there', { error: 500, description: 'Internal Server Error' }, { is: 'uncertain' }],
    ['a page', 'html', { is: 'uncertain' }],
    ['nothing', 'empty', { is: 'uncertain' }],
    ['far too much', 'huge', { is: 'uncertain' }],
    ['a status alone', { status: 502 }, { is: 'uncertain' }],
    ['null', { status: 200, body: 'null' }, { is: 'uncertain' }],
    ['another shape', { status: 200, body: '{"ok":true}' }, { is: 'uncertain' }],
    ['a code in words', { status: 200, body: '{"ok":false,"error_code":"x"}' }, { is: 'uncertain' }],
    ['a reset before', 'reset-before', { is: 'uncertain' }],
    ['a reset after', 'reset-after', { is: 'uncertain' }],
  ])('%s', async (_, fault, expected) => {
    await open();
    rig.peer.fault('sendMessage', fault);
    const sent = await send(outgoing(ops.id, ['x']));
    expect(sent).toMatchObject(expected);
    expect(JSON.stringify([sent, rig.logged])).not.toContain(rig.peer.token.split(':')[1]);
    expect(await send(outgoing(ops.id, ['y']))).toMatchObject({ is: 'sent' });
  });

  test('nobody listens: it never left', async () => {
    await open();
    await rig.peer.away(true);
    const sent = await send(outgoing(ops.id, ['x']));
    expect(sent).toEqual({ is: 'away', why: 'Telegram is not reached (ECONNREFUSED)' });
    await rig.peer.away(false);
    expect(await send(outgoing(ops.id, ['x']))).toMatchObject({ is: 'sent' });
  });

  test('the group became a supergroup', async () => {
    await open();
    const old = rig.peer.group({ title: 'Old', members: [olga], bot: 'member' });
    const moved = rig.peer.migrate(old);
    expect(await send(outgoing(old.id, ['x']))).toEqual({
      is: 'moved',
      to: { platform: 'telegram', chat: String(moved.id) },
    });
  });

  test('a person who never wrote, and one who blocked us', async () => {
    await open();
    expect(await send(outgoing(1001, ['x']))).toMatchObject({ is: 'refused', unreachable: true });
    olga.start();
    expect(await send(outgoing(1001, ['x']))).toMatchObject({ is: 'sent' });
    olga.block();
    expect(await send(outgoing(1001, ['x']))).toMatchObject({ is: 'refused', unreachable: true });
  });
});

test('menus, the check, links and who is let in', async () => {
  await open();
  const { telegram, peer } = rig;
  const entries = [
    { command: 'page-test', summary: 'Confirms the test page.' },
    { command: 'page_test', summary: 'Twice.' },
    { command: 'ünknown', summary: 'No name there.' },
    { command: 'status', summary: 's'.repeat(300) },
  ];
  expect(await telegram.menu?.(entries)).toMatchObject({ is: 'sent' });
  expect(peer.menu().map(({ command, description }) => [command, description.length])).toEqual([
    ['page_test', 23],
    ['status', 256],
  ]);
  olga.start();
  const address = { platform: 'telegram' as const, chat: '1001' };
  expect(await telegram.menu?.(entries.slice(0, 1), address)).toMatchObject({ is: 'sent' });
  expect(peer.menu('chat:1001')).toHaveLength(1);
  expect(await telegram.menu?.([], address)).toMatchObject({ is: 'sent' });
  expect(peer.menu('chat:1001')).toEqual([]);

  const findings = await telegram.check();
  expect(findings.map(({ ok }) => ok)).toEqual([true, true, false]);
  expect(findings[2]?.remedy).toContain('Group Privacy');

  const room = { platform: 'telegram' as const, chat: String(ops.id) };
  expect(await telegram.inviteLink?.(room, Date.now() + 3_600_000, 'Ann')).toBeUndefined();
  peer.addBot(ops, olga, { admin: true });
  const link = await telegram.inviteLink?.(room, Date.now() + 3_600_000, 'Ann with a very long name, far too long');
  const ann = peer.user({ id: 1003, first_name: 'Ann' });
  ann.requestToJoin(String(link));
  expect(await telegram.admit?.(room, 'telegram:1003', true)).toEqual({ is: 'sent', id: null });
  expect(await telegram.admit?.(room, 'telegram:1003', true)).toEqual({ is: 'sent', id: null });
  expect(await telegram.admit?.(room, 'telegram:chat:-5', true)).toMatchObject({ is: 'refused' });
});

test('a wrong token is told in one line', async () => {
  await open();
  const [finding] = await rig.another({ token: '7000000001:AAwrong_wrong_wrong_wrong_wrong_wron' }).check();
  expect(finding).toMatchObject({ ok: false, remedy: expect.stringContaining('TELEGRAM_BOT_TOKEN') });
});
