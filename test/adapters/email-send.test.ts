import { afterEach, expect, test, vi } from 'vitest';
import type { MailOptions } from '../../adapters/email/index.ts';
import type { Letter } from '../../src/forge-ports.ts';
import { createCertificate } from '../peers/smtp/certificate.ts';
import type { SmtpPeerOptions } from '../peers/smtp/peer.ts';
import { createStage, letter, recording, type Stage } from './email-stage.ts';

/** Letters over real SMTP: what arrives, and what is told when it does not. */

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});
const open = async (peer: SmtpPeerOptions = {}, more: Partial<MailOptions> = {}): Promise<Stage> => {
  stage = await createStage(peer, more);
  return stage;
};

const SHORT = { connect: 300, greeting: 300, silence: 300, whole: 2_000 };

test('a letter arrives whole', async () => {
  const { mail, peer } = await open();
  const sent = await mail.send(
    letter({ unsubscribe: 'https://baton.example.org/no/abc', text: 'Größe – 日本語 🚀\n' }),
  );
  expect(sent).toEqual({ is: 'sent', id: '<m-1@example.org>' });
  const [received] = peer.mails;
  expect(received).toMatchObject({ from: 'baton@example.org', to: ['ann@example.net'] });
  const { parsed } = received ?? {};
  expect(parsed).toMatchObject({
    messageId: '<m-1@example.org>',
    subject: 'Please test WEB-1',
    text: 'Größe – 日本語 🚀\n',
    html: letter().html,
    date: new Date('2026-03-02T09:30:00Z'),
  });
  expect(parsed?.from?.value).toEqual([{ name: 'Baton', address: 'baton@example.org' }]);
  expect(parsed?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(received?.raw).toContain('List-Unsubscribe: <https://baton.example.org/no/abc>\r\n');
  expect(received?.raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
  expect(received?.raw).not.toMatch(/priority/i);
});

test('an urgent one says so, and one that nobody subscribed to has nothing to end', async () => {
  const { mail, peer } = await open();
  await mail.send(letter({ urgent: true }));
  expect(peer.mails[0]?.raw).toMatch(/^X-Priority: 1/m);
  expect(peer.mails[0]?.raw).toMatch(/^Importance: high/im);
  expect(peer.mails[0]?.raw).not.toMatch(/list-unsubscribe/i);
});

test('a long address for unsubscribing stays in one piece', async () => {
  const { mail, peer } = await open();
  const unsubscribe = `https://baton.example.org/no/${'a1-_'.repeat(80)}?x=1&y=%3C2`;
  await mail.send(letter({ unsubscribe }));
  const header = /^List-Unsubscribe: ?((?:.*)(?:\r\n[ \t].*)*)/m.exec(peer.mails[0]?.raw ?? '')?.[1];
  expect(header?.replace(/\r\n[ \t]/g, '').trim()).toBe(`<${unsubscribe}>`);
  expect(peer.mails[0]?.raw).toContain('One-Click');
});

test.each<[string, string | undefined, boolean]>([
  ['https://baton.example.org/no', '<https://baton.example.org/no>', true],
  ['http://127.0.0.1:8080/no', '<http://127.0.0.1:8080/no>', true],
  ['http://baton.example.org/no', '<http://baton.example.org/no>', false],
  ['https://b.example/a>,<mailto:x@y.example>', '<https://b.example/a%3E%2C%3Cmailto:x@y.example%3E>', true],
  ['https://b.example/a\r\nBcc: x@y.example', '<https://b.example/aBcc:%20x@y.example>', true],
])('unsubscribing at %j', async (unsubscribe, header, oneClick) => {
  const { mail, peer } = await open();
  await mail.send(letter({ unsubscribe }));
  const raw = peer.mails[0]?.raw ?? '';
  expect(/^List-Unsubscribe: (.*)\r$/m.exec(raw)?.[1]).toBe(header);
  expect(raw.includes('One-Click')).toBe(oneClick);
  expect(peer.mails[0]?.to).toEqual(['ann@example.net']);
});

test('a second copy of a letter has the same Message-ID; an odd id can stand in none', async () => {
  const { mail, peer } = await open();
  const odd = 'outbox:7 <x@y>\r\nBcc: eve@example.net';
  for (const id of ['a', 'a', odd, odd, `${odd}2`]) await mail.send(letter({ id }));
  const ids = peer.mails.map(({ parsed }) => parsed.messageId);
  expect(ids).toEqual([
    '<a@example.org>',
    ids[0],
    expect.stringMatching(/^<[0-9a-f]{40}@example\.org>$/),
    ids[2],
    expect.not.stringMatching(ids[2] ?? ''),
  ]);
});

test.each<[string, Partial<Letter>]>([
  ['a line in the subject', { subject: 'Hello\r\nBcc: eve@example.net\r\n\r\n<b>' }],
  ['other breaks', { subject: 'Hello\nBcc: eve@example.net\u2028X: y\u0085Z: 1\u0000\u000b' }],
  ['an encoded one', { subject: '=?utf-8?q?a=0D=0ABcc:_eve@example.net?=' }],
  ['in the text', { text: 'a\r\n.\r\nMAIL FROM:<eve@example.net>\r\nRCPT TO:<eve@example.net>\r\nDATA\r\n' }],
  ['a file and an address in the HTML', { html: '<img src="file:///etc/passwd"><img src="cid:1">' }],
])('no header and no letter of people’s making: %s', async (_, more) => {
  const { mail, peer } = await open();
  expect(await mail.send(letter(more))).toMatchObject({ is: 'sent' });
  expect(peer.mails).toHaveLength(1);
  const { parsed, to, raw } = peer.mails[0] ?? {};
  expect(to).toEqual(['ann@example.net']);
  expect(parsed?.headers.has('bcc')).toBe(false);
  expect(parsed?.headers.has('x')).toBe(false);
  expect(parsed?.headers.has('z')).toBe(false);
  expect(parsed?.attachments).toEqual([]);
  expect(raw).not.toContain('root:');
});

test.each([
  'ann@example.net\r\nBcc: eve@example.net',
  'ann@example.net, eve@example.net',
  'ann@example.net;eve@example.net',
  'Ann <ann@example.net>',
  '<ann@example.net>',
  '"a b"@example.net',
  'ann@example.net> SIZE=1',
  'ann@[127.0.0.1]',
  'ann@exa\u202emple.net',
  'ann',
  'ann@@example.net',
  '@example.net',
  'group:ann@example.net;',
  '',
])('no address: %j', async (to) => {
  const { mail, peer } = await open();
  expect(await mail.send(letter({ to }))).toMatchObject({ is: 'refused' });
  expect(peer.connections).toBe(0);
});

test('a server that is away, or was never there', async () => {
  const { mail, peer, another } = await open();
  await peer.away(true);
  expect(await mail.send(letter())).toEqual({ is: 'away', why: 'the mail server is not reached (ECONNREFUSED)' });
  await peer.away(false);
  expect(await mail.send(letter())).toMatchObject({ is: 'sent' });
  const lost = another({ url: 'smtp://mail.invalid', patience: SHORT });
  expect(await lost.send(letter())).toMatchObject({ is: 'away' });
});

test('a connection that was closed in the meantime costs nothing', async () => {
  const { mail, peer } = await open();
  await mail.send(letter());
  peer.drop();
  await vi.waitFor(() => expect(peer.open).toBe(0));
  expect(await mail.send(letter({ id: 'm-2' }))).toMatchObject({ is: 'sent' });
  expect(peer.mails).toHaveLength(2);
});

test('a server that trickles is given up in the end', async () => {
  const { mail, peer } = await open({}, { patience: { ...SHORT, silence: 60_000, whole: 400 } });
  peer.fault({ at: 'after-data', hang: true });
  expect(await mail.send(letter())).toEqual({ is: 'uncertain', why: 'the mail server took too long' });
});

test('few connections carry many letters, each once', async () => {
  const { mail, peer } = await open();
  const ids = Array.from({ length: 60 }, (_, index) => `m-${index}`);
  const all = await Promise.all(ids.map((id) => mail.send(letter({ id }))));
  expect(all.every(({ is }) => is === 'sent')).toBe(true);
  expect(new Set(peer.mails.map(({ parsed }) => parsed.messageId)).size).toBe(60);
  expect(peer.mails).toHaveLength(60);
  expect(peer.connections).toBeLessThanOrEqual(3);
});

test('the end waits for what is under way and leaves no connection', async () => {
  const { mail, peer } = await open();
  const sending = [mail.send(letter()), mail.send(letter({ id: 'm-2' }))];
  await mail.stop();
  expect(await Promise.all(sending)).toEqual([
    expect.objectContaining({ is: 'sent' }),
    expect.objectContaining({ is: 'sent' }),
  ]);
  expect(await mail.send(letter({ id: 'm-3' }))).toMatchObject({ is: 'away' });
  await vi.waitFor(() => expect(peer.open).toBe(0));
  expect(peer.mails).toHaveLength(2);
});

const HOST = 'mail.example.org';
const AUTH = { user: 'baton', password: 'canary: pa%ss@word' };

test('another host: nothing but the greeting goes out where encryption was taken away', async () => {
  const certificate = createCertificate([HOST]);
  const { peer, another } = await open({ certificate, auth: AUTH });
  const { said, dial } = recording(peer.port);
  const mail = another({ url: `smtp://baton:canary%3A%20pa%25ss%40word@${HOST}:25`, ca: certificate.cert, dial });
  peer.fault({ at: 'connect', stripped: true }, 2);
  expect(await mail.send(letter())).toEqual({
    is: 'away',
    why: 'the mail server offers no encryption (STARTTLS), and nothing is sent in the clear',
  });
  expect(await mail.check()).toMatchObject([{ ok: false, what: expect.stringContaining('STARTTLS') }]);
  expect(said.join('')).toMatch(/^(EHLO example\.org\r\nSTARTTLS\r\n(QUIT\r\n)?)+$/);
  expect([peer.mails, peer.signIns]).toEqual([[], []]);
  peer.clearFaults();
  expect(await mail.send(letter())).toMatchObject({ is: 'sent' });
  expect(peer.mails).toMatchObject([{ isEncrypted: true, user: 'baton' }]);
  expect(peer.signIns).toEqual([{ user: 'baton', isEncrypted: true }]);
});

test.each<[string, boolean, string]>([
  ['a certificate of another host', false, 'other.example.org'],
  ['smtps, a certificate of another host', true, 'other.example.org'],
])('not sent: %s', async (_, isSecure, certified) => {
  const certificate = createCertificate([certified]);
  const { peer, another } = await open({ certificate, isSecure });
  const { dial } = recording(peer.port);
  const mail = another({ url: `smtp${isSecure ? 's' : ''}://${HOST}`, ca: certificate.cert, dial });
  expect(await mail.send(letter())).toMatchObject({ is: 'away', why: expect.stringContaining('certificate') });
  expect(peer.mails).toEqual([]);
});

test('a certificate that nobody vouches for is not taken over smtps, not even here', async () => {
  const { mail, peer } = await open({ certificate: createCertificate(['localhost']), isSecure: true });
  expect(await mail.send(letter())).toMatchObject({ is: 'away', why: expect.stringContaining('certificate') });
  expect(peer.mails).toEqual([]);
});

test('smtps with one that is in order', async () => {
  const certificate = createCertificate(['localhost']);
  const { mail, peer } = await open({ certificate, isSecure: true, auth: AUTH }, { ca: certificate.cert });
  expect(await mail.send(letter())).toMatchObject({ is: 'sent' });
  expect(peer.mails).toMatchObject([{ isEncrypted: true, user: 'baton' }]);
  expect(await mail.check()).toEqual([
    { ok: true, what: 'the mail server 127.0.0.1 answers, encrypted, and takes the user and the password' },
  ]);
});

test('a wrong password: nothing is lost, and it is shown nowhere', async () => {
  const certificate = createCertificate(['localhost']);
  const { peer, another, logged } = await open({ certificate, isSecure: true, auth: AUTH }, { ca: certificate.cert });
  const mail = another({ url: peer.url.replace('canary', 'kanarie') });
  const shown = [await mail.send(letter()), ...(await mail.check())];
  expect(shown).toMatchObject([
    { is: 'away', why: 'the mail server does not take the user and the password (535)' },
    { ok: false, remedy: expect.stringContaining('SMTP_URL') },
  ]);
  expect(JSON.stringify([shown, logged])).not.toMatch(/kanarie|pa%|pa%25/);
});

test.each<[Partial<MailOptions>, string]>([
  [{ url: 'http://baton:canary@mail.example.org' }, 'SMTP_URL must be'],
  [{ url: 'canary' }, 'SMTP_URL must be'],
  [{ url: 'smtp://baton:canary@mail.example.org?ignoreTLS=true' }, 'nothing after the port'],
  [{ url: 'smtp://baton:canary%@mail.example.org' }, '%25'],
  [{ url: 'smtp://baton@mail.example.org' }, 'go together'],
  [{ from: 'Baton' }, 'MAIL_FROM'],
  [{ from: 'a@example.org\r\nBcc: eve@example.net' }, 'MAIL_FROM'],
  [{ from: 'a@example.org, b@example.org' }, 'MAIL_FROM'],
  [{ messageHost: 'a b>' }, 'Message-ID'],
])('settings that are not in order: %j', async (more, problem) => {
  const { another } = await open();
  const mail = another(more);
  const shown = [await mail.send(letter()), ...(await mail.check())];
  expect(shown).toMatchObject([
    { is: 'away', why: expect.stringContaining(problem) },
    { ok: false, what: expect.stringContaining(problem) },
  ]);
  expect(JSON.stringify(shown)).not.toContain('canary');
  await mail.stop();
});
