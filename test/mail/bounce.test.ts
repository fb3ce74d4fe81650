import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readBounce } from '../../adapters/email/bounce.ts';
import { takeBounce } from '../../src/shell/mailbox.ts';
import { openSaySocket } from '../../src/web/say-socket.ts';
import { report } from './report.ts';
import { createRig, type Rig } from './rig.ts';

/** Letters that come back: who may park an address, and who may not. */

const OLGA = 'olga@example.net';

/** A letter that left, by its Message-ID without the host. */
async function sent(rig: Rig, email = OLGA): Promise<string> {
  const before = rig.peer.mails.length;
  await rig.write(email);
  await vi.waitFor(() => expect(rig.peer.mails.length).toBeGreaterThan(before), { timeout: 20_000, interval: 20 });
  return /^<(.*)@/.exec(rig.peer.mails.at(-1)?.parsed.messageId ?? '')?.[1] ?? '';
}
async function take(rig: Rig, message: string): Promise<string> {
  const bounce = readBounce(message);
  if (bounce === undefined) throw new Error('the test’s report is none');
  return takeBounce(rig.engine, rig.seal, bounce);
}
const parked = (rig: Rig): readonly unknown[] =>
  rig.engine.store.history('mail/all').flatMap(({ type, data }) => (type === 'mail-parked' ? [data] : []));

test('a report of a letter of ours parks the address that the letter went to', async () => {
  const rig = await createRig();
  const id = await sent(rig);
  expect(await take(rig, report({ id, to: 'olga@forwarded.example' }))).toBe(
    `Mail to ${OLGA} is parked: 550 5.1.1 no such person`,
  );
  expect(parked(rig)).toEqual([{ address: OLGA, why: '550 5.1.1 no such person' }]);
  expect(await take(rig, report({ id }))).toContain('already');
  expect(await rig.say('olga', '/whoami')).toContain('Mail: none gets to');
});

test.each([
  ['it is only late', { action: 'delayed', status: '4.4.1' }, 'only late'],
  ['somebody gave up for now', { status: '4.4.7' }, 'only late'],
  ['the mailbox is full', { status: '5.2.2' }, 'somebody is there'],
  ['it is taken for advertising', { status: '5.7.1' }, 'somebody is there'],
])('nothing is parked because %s', async (_, given, words) => {
  const rig = await createRig();
  expect(await take(rig, report({ id: await sent(rig), ...given }))).toContain(words);
  expect(parked(rig)).toEqual([]);
});

test('a forged report parks nothing: no id, a guessed one, a changed one, one of another installation', async () => {
  const [rig, other] = [await createRig(), await createRig()];
  const id = await sent(rig);
  const [letter = '', whose = '', seal = ''] = id.split('.');
  const [, foreignWhose, foreignSeal] = (await sent(other, 'omar@example.net')).split('.');
  const forged = [
    undefined,
    letter,
    `${letter.replace(/-\d+-/, '-99-')}.${whose}.${seal}`,
    `${letter}.${foreignWhose}.${seal}`,
    `${letter}.${foreignWhose}.${foreignSeal}`,
    `${letter}.${whose}.${'A'.repeat(22)}`,
    `${letter}.${whose}`,
  ];
  for (const each of forged)
    expect(await take(rig, report({ ...(each === undefined ? {} : { id: each }), to: OLGA }))).toBe(
      'It is about no letter of ours, so nothing was done.',
    );
  // A real one, with another's address written into it: only the address of the letter counts.
  await take(rig, report({ id, to: 'omar@example.net' }));
  expect(parked(rig)).toMatchObject([{ address: OLGA }]);
});

test('what comes back after somebody said that the address works, of a letter from before, is old news', async () => {
  const rig = await createRig();
  const id = await sent(rig);
  await take(rig, report({ id }));
  rig.wait(60_000);
  expect(await rig.say('olga', '/mail again')).toContain('again');
  expect(await take(rig, report({ id }))).toContain('Somebody said since then');
  expect(parked(rig)).toHaveLength(1);
  rig.wait(60_000);
  expect(await take(rig, report({ id: await sent(rig) }))).toContain('is parked');
});

test('an address that nobody has any more', async () => {
  const rig = await createRig();
  const id = await sent(rig, 'omar@example.net');
  await rig.say('ada', '/person remove omar');
  expect(await take(rig, report({ id }))).toContain('nobody has here any more');
  expect(parked(rig)).toEqual([]);
});

test('over the socket of the running process', async () => {
  const rig = await createRig();
  const id = await sent(rig);
  const socket = await openSaySocket(rig.hub, `${rig.path}.sock`);
  onTestFinished(() => socket.close());
  const line = connect(socket.path);
  await once(line, 'connect');
  const answers = createInterface({ input: line })[Symbol.asyncIterator]();
  const hand = async (value: unknown): Promise<unknown> => {
    line.write(`${JSON.stringify(value)}\n`);
    return JSON.parse((await answers.next()).value ?? 'null');
  };
  expect(await hand({ bounce: { to: OLGA } })).toMatchObject({ ok: false, code: 'usage' });
  expect(await hand({ bounce: readBounce(report({ id })) })).toMatchObject({ ok: true, text: expect.stringContaining('is parked') });
  vi.spyOn(rig.engine, 'act').mockRejectedValue(new Error('canary'));
  const other = await sent(rig, 'omar@example.net');
  const lost = await hand({ bounce: readBounce(report({ id: other })) });
  expect(lost).toMatchObject({ ok: false, code: 'unavailable' });
  expect(JSON.stringify(lost)).not.toContain('canary');
  line.destroy();
}); // biome-ignore format: rows
