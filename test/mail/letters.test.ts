import { expect, test, vi } from 'vitest';
import { createRig, PUBLIC, type Rig } from './rig.ts';

/** Letters from the command that chooses them to the server that takes them, or does not. */

const soon = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });
const MINUTE = 60_000;
const to = ({ peer }: Rig): readonly (string | undefined)[] => peer.mails.map(({ to: [first] }) => first);

test('a page goes by mail to who chose it, beside the chat; nobody else gets one', async () => {
  const rig = await createRig();
  expect(await rig.say('omar', '/mail pages')).toContain('pages go to omar@example.net as well');
  await rig.say('tess', '/mail digests');
  await rig.say('ada', '/alert critical The site is down');
  await soon(() => expect(rig.peer.mails).toHaveLength(1));
  const { parsed, raw } = rig.peer.mails[0] ?? {};
  expect(to(rig)).toEqual(['omar@example.net']);
  expect(parsed?.subject).toContain('Example Grid, urgent: ');
  expect(parsed?.text).toContain('The site is down');
  expect(parsed?.text).toContain('write /ack ALERT-1 in the chat');
  expect(parsed?.html).toContain('The site is down');
  expect(raw).toMatch(/^X-Priority: 1/m);
  expect(rig.engine.store.messages([{ person: 'omar' }], 10).map(({ kind }) => kind)).toContain('page');
  await rig.say('omar', '/mail off');
  await rig.say('ada', '/alert critical It is down again');
  await soon(() =>
    expect(rig.engine.store.messages([{ person: 'omar' }], 10).filter(({ kind }) => kind === 'page')).toHaveLength(2),
  );
  expect(rig.rows('omar@example.net')).toHaveLength(1);
});

test('one click in a letter ends what it is a letter of, and says so in its text', async () => {
  const rig = await createRig();
  await rig.write('Tess.T@Example.net');
  await soon(() => expect(rig.peer.mails).toHaveLength(1));
  const { raw = '', parsed } = rig.peer.mails[0] ?? {};
  const header = /^List-Unsubscribe: ?((?:.*)(?:\r\n[ \t].*)*)/m
    .exec(raw)?.[1]
    ?.replace(/\r\n[ \t]/g, '')
    .trim();
  const url = `${PUBLIC}/mail/end/${rig.seal.endOf('Tess.T@Example.net', 'invitations')}`;
  expect(header).toBe(`<${url}>`);
  expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  expect(raw).not.toContain('mailto:');
  expect(parsed?.text).toContain(`No more of these: ${url} or /mail off invitations in the chat.`);
  expect(url).not.toMatch(/tess|invitations/i);
});

test('over http the link stands in the letter, and no header promises one click', async () => {
  const rig = await createRig({ publicUrl: 'http://baton.example.org' });
  await rig.write('olga@example.net');
  await soon(() => expect(rig.peer.mails).toHaveLength(1));
  const { raw, parsed } = rig.peer.mails[0] ?? {};
  expect(raw).not.toMatch(/list-unsubscribe/i);
  expect(parsed?.text).toMatch(/No more of these: http:\/\/baton\.example\.org\/mail\/end\/\S+ or /);
  expect(parsed?.html).toContain('href="http://baton.example.org/mail/end/');
});

test('without an address no link is promised', async () => {
  const rig = await createRig({ publicUrl: undefined });
  await rig.write('olga@example.net');
  await soon(() => expect(rig.peer.mails).toHaveLength(1));
  const { raw, parsed } = rig.peer.mails[0] ?? {};
  expect(raw).not.toMatch(/list-unsubscribe/i);
  expect(parsed?.text).toContain('No more of these: /mail off invitations in the chat.');
});

test('greylisting puts off one letter, and no other waits for it', async () => {
  const rig = await createRig();
  rig.peer.fault({ at: 'rcpt', reply: 451, words: '4.7.1 greylisted' });
  await rig.write('olga@example.net', 'One');
  await soon(() => expect(rig.rows('olga@example.net')[0]?.reason).toBe('451 4.7.1 greylisted'));
  const [row] = rig.rows('olga@example.net');
  expect(row).toMatchObject({ state: 'new', dueAt: rig.now() + MINUTE });
  await rig.write('omar@example.net', 'Two');
  await soon(() => expect(to(rig)).toEqual(['omar@example.net']));
  rig.peer.fault({ at: 'rcpt', reply: 450, words: '4.2.0 not yet' });
  rig.wait(MINUTE);
  await soon(() => expect(rig.rows('olga@example.net')[0]?.reason).toBe('450 4.2.0 not yet'));
  expect(rig.rows('olga@example.net')[0]?.dueAt).toBe(rig.now() + 2 * MINUTE);
  rig.wait(2 * MINUTE);
  await soon(() => expect(to(rig)).toEqual(['omar@example.net', 'olga@example.net']));
});

test('a server that closes down is left alone, and all letters wait', async () => {
  const rig = await createRig();
  rig.peer.fault({ at: 'rcpt', reply: 421, words: '4.3.2 shutting down' });
  await rig.write('olga@example.net', 'One');
  await soon(() => expect(rig.rows('olga@example.net')[0]?.reason).toContain('421'));
  const { connections } = rig.peer;
  await rig.write('omar@example.net', 'Two');
  rig.wait(MINUTE);
  // A letter that may not go is passed over, each time that the outbox is looked at: twice is enough.
  const looked = vi.spyOn(rig.engine.store, 'claim');
  await soon(() => expect(looked.mock.calls.length).toBeGreaterThan(2));
  expect([rig.peer.mails, rig.peer.connections]).toEqual([[], connections]);
  rig.wait(MINUTE);
  await soon(() => expect([...to(rig)].sort()).toEqual(['olga@example.net', 'omar@example.net']));
});

test('a letter whose answer was lost comes again under the same Message-ID', async () => {
  const rig = await createRig();
  rig.peer.fault({ at: 'after-data', cut: true });
  await rig.write('olga@example.net');
  await soon(() => expect(rig.rows('olga@example.net')[0]?.state).toBe('uncertain'));
  await rig.restart();
  rig.wait(MINUTE);
  await soon(() => expect(rig.peer.mails).toHaveLength(2));
  const [first, second] = rig.peer.mails.map(({ parsed }) => parsed.messageId);
  expect(first).toMatch(/^<invitation-\d+-[0-9a-z]+\.[\w-]{16}\.[\w-]{22}@example\.org>$/);
  expect(second).toBe(first);
});

test('nobody is there: the address is parked, whose it is and the admin hear of it, and it can be lifted', async () => {
  const rig = await createRig();
  await rig.say('olga', '/mail digests');
  rig.peer.fault({ at: 'rcpt', reply: 550, words: '5.1.1 no such\tuser' });
  await rig.write('olga@example.net', 'One');
  await soon(() => expect(rig.parked()).toMatchObject([{ state: 'failed', reason: '550 5.1.1 no such user' }]));
  const told = (person: string) => JSON.stringify(rig.engine.store.messages([{ person }], 10).map(({ body }) => body));
  expect(told('olga')).toContain('No mail gets to you: the server of olga@example.net says “550 5.1.1 no such user”');
  expect(told('ada')).toContain('/mail again olga');
  expect(told('omar')).not.toContain('olga@example.net');
  expect(await rig.say('olga', '/whoami')).toContain('Mail: none gets to olga@example.net');
  await rig.restart();
  await rig.write('OLGA@example.net', 'Two');
  await soon(() => expect(rig.parked()).toHaveLength(2));
  expect(rig.peer.mails).toEqual([]);
  expect(await rig.say('omar', '/mail again olga')).toContain('admin');
  expect(await rig.say('ada', '/mail again olga')).toContain('again');
  await rig.write('olga@example.net', 'Three');
  await soon(() => expect(to(rig)).toEqual(['olga@example.net']));
  expect(await rig.say('olga', '/mail')).not.toContain('No mail gets there');
});

test.each([
  ['we are on a list', 550, '5.7.1 blocked'],
  ['the mailbox is full', 552, '5.2.2 quota'],
])('refused, but not because nobody is there: %s', async (_, reply, words) => {
  const rig = await createRig();
  rig.peer.fault({ at: 'rcpt', reply, words });
  await rig.write('olga@example.net');
  await soon(() => expect(rig.parked()).toHaveLength(1));
  expect(await rig.say('olga', '/whoami')).not.toContain('Mail');
  await rig.write('olga@example.net');
  await soon(() => expect(to(rig)).toEqual(['olga@example.net']));
});

test('what was ended while it waited is not sent any more, and nobody has to look at it', async () => {
  const rig = await createRig();
  await rig.peer.away(true);
  await rig.write('tess.t@example.net', 'One');
  await soon(() => expect(rig.rows('tess.t@example.net')[0]?.reason).toContain('not reached'));
  await rig.say('tess', '/mail off');
  await rig.peer.away(false);
  rig.wait(MINUTE);
  await soon(() => expect(rig.rows('tess.t@example.net')[0]).toMatchObject({ state: 'sent', reason: 'discarded' }));
  expect([rig.peer.mails, rig.parked()]).toEqual([[], []]);
});

test.each([
  ['a long name', 'Maximiliane-Alexandra von und zu Hohenstaufen-Wittelsbach '.repeat(8)],
  ['right to left', 'اختبار الشبكة الجديدة مع שלום'],
  ['other letters and signs', '新しいグリッドを試す 🚀 Größe naïve'],
  ['a header in it', 'Hello\r\nBcc: eve@example.net\r\n\r\nand more'],
  ['what turns a line around', 'abc \u202efed\u202c ghi'],
])('the words arrive whole, as text and as HTML: %s', async (_, words) => {
  const rig = await createRig();
  await rig.write('olga@example.net', words);
  await soon(() => expect(rig.peer.mails).toHaveLength(1));
  const { parsed, to: recipients } = rig.peer.mails[0] ?? {};
  const kept = words
    .replace(/[\u202a-\u202e]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  expect(recipients).toEqual(['olga@example.net']);
  expect(parsed?.text?.replace(/\s+/g, ' ')).toContain(kept);
  expect((parsed?.html || '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).toContain(kept);
  expect(parsed?.headers.has('bcc')).toBe(false);
  expect(parsed?.subject?.length).toBeLessThanOrEqual(200);
});
