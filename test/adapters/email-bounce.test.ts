import { expect, test } from 'vitest';
import { readBounce } from '../../adapters/email/bounce.ts';
import { localPart, messageId } from '../../adapters/email/letter.ts';

/** Reports of letters that came back. */

interface Given {
  readonly status?: string;
  readonly returned?: string;
  readonly type?: string;
  readonly boundary?: string;
  readonly encoding?: string;
}

const RECIPIENT = [
  'Original-Recipient: rfc822;ann@example.net',
  'Final-Recipient: RFC822; ann@forwarded.example',
  'Action: failed',
  'Status: 5.1.1',
  'Remote-MTA: dns; mx.example.net',
  'Diagnostic-Code: smtp; 550 5.1.1 <ann@example.net>:',
  '  no such person',
].join('\r\n');

const report = ({ status = RECIPIENT, returned, type, boundary = 'b=_1/x', encoding }: Given = {}): string =>
  [
    'From: MAILER-DAEMON@mx.example.org',
    'To: baton@example.org',
    'Subject: Undelivered Mail',
    'Message-ID: <not-ours@mx.example.org>',
    `Content-Type: ${type ?? 'multipart/report; report-type=delivery-status;'}`,
    `\tboundary="${boundary}"`,
    'MIME-Version: 1.0',
    '',
    'This is a MIME message.',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry.',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    ...(encoding === undefined ? [] : [`Content-Transfer-Encoding: ${encoding}`]),
    '',
    encoding === 'base64'
      ? Buffer.from(`Reporting-MTA: dns; mx\r\n\r\n${status}\r\n`).toString('base64')
      : `Reporting-MTA: dns; mx.example.org\r\n\r\n${status}`,
    '',
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    returned ??
      'Received: by mx\r\nMessage-ID: <m-1@example.org>\r\nSubject: x\r\n\r\nbody\r\nMessage-ID: <other@example.org>',
    `--${boundary}--`,
    '',
  ].join('\r\n');

test('a letter that will never arrive', () => {
  const bounce = {
    id: 'm-1',
    to: 'ann@example.net',
    permanent: true,
    isGone: true,
    why: '550 5.1.1 <ann@example.net>: no such person',
  };
  expect(readBounce(report())).toEqual(bounce);
  expect(readBounce(Buffer.from(report().replaceAll('\r\n', '\n')))).toEqual(bounce);
  expect(readBounce(report({ encoding: 'base64' }))).toEqual(bounce);
});

test.each<[string, string, object | undefined]>([
  [
    'late',
    'Final-Recipient: rfc822;a@b.example\r\nAction: delayed\r\nStatus: 4.4.1',
    { to: 'a@b.example', permanent: false, isGone: false, why: '4.4.1' },
  ],
  [
    'given up',
    'Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\nStatus: 4.4.7 (expired)',
    { permanent: false, why: '4.4.7' },
  ],
  [
    'no status',
    'Final-Recipient: rfc822; <a@b.example>\r\nAction: FAILED (really)',
    { to: 'a@b.example', permanent: true, isGone: true, why: 'failed' },
  ],
  ['delivered', 'Final-Recipient: rfc822;a@b.example\r\nAction: delivered\r\nStatus: 2.0.0', undefined],
  ['no address', 'Final-Recipient: x400; /C=de/\r\nAction: failed\r\nStatus: 5.0.0', undefined],
  [
    'the second one failed',
    'Final-Recipient: rfc822;a@b.example\r\nAction: delayed\r\n\r\nFinal-Recipient: rfc822;c@d.example\r\nAction: failed\r\nStatus: 5.7.1',
    { to: 'c@d.example', permanent: true, isGone: false },
  ],
  [
    'a full mailbox',
    'Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\nStatus: 5.2.2',
    { permanent: true, isGone: false },
  ],
  [
    'beyond ASCII',
    'Final-Recipient: utf-8; änne@münchen.example\r\nAction: failed\r\nStatus: 5.1.1',
    { to: 'änne@münchen.example' },
  ],
])('%s', (_, status, bounce) => {
  const read = readBounce(report({ status }));
  if (bounce === undefined) expect(read).toBeUndefined();
  else expect(read).toMatchObject(bounce);
});

test('the letter is known again by its own id, odd or not', () => {
  for (const id of ['outbox-7', 'a b<c>@d', 'x.'.repeat(9)]) {
    const returned = `Message-ID:\r\n ${messageId(id, 'example.org')}\r\n\r\n`;
    expect(readBounce(report({ returned }))?.id).toBe(localPart(id));
  }
  expect(readBounce(report({ returned: 'Subject: none' }))).not.toHaveProperty('id');
});

test('a report within a wrapping', () => {
  const inner = report();
  const wrapped = `Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\nContent-Type: text/plain\r\n\r\n[list]\r\n--outer\r\n${inner}\r\n--outer--\r\n`;
  expect(readBounce(wrapped)).toMatchObject({ id: 'm-1', to: 'ann@example.net' });
});

test.each<[string, string]>([
  ['nothing', ''],
  [
    'a letter',
    'From: a@b.example\r\nSubject: Undelivered Mail\r\n\r\nFinal-Recipient: rfc822;a@b.example\r\nAction: failed',
  ],
  ['a receipt', report({ type: 'multipart/report; report-type=disposition-notification;' })],
  ['no boundary', 'Content-Type: multipart/report; report-type=delivery-status\r\n\r\n--x\r\n'],
  ['odd bytes', '\u0000\ufffd\r\n\r\n\r\n'],
  ['headers without end', `A: ${'b'.repeat(50_000)}\n `.repeat(40)],
  [
    'parts without end',
    `Content-Type: multipart/report; boundary=x\n\n${'--x\nContent-Type: multipart/mixed; boundary=x\n\n'.repeat(20_000)}`,
  ],
])('no report: %s', (_, raw) => {
  expect(readBounce(raw)).toBeUndefined();
});

test('what a server wrote is one line', () => {
  const status = `Final-Recipient: rfc822;a@b.example\r\nAction: failed\r\nDiagnostic-Code: smtp; 550 ${'\u202ex\u0007 '.repeat(400)}`;
  const why = readBounce(report({ status }))?.why ?? '';
  expect(why).toMatch(/^550 x x/);
  expect(why).not.toMatch(/[\p{C}\r\n]/u);
  expect(why.length).toBeLessThanOrEqual(300);
});
