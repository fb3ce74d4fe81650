/** A report that a letter was not delivered (RFC 3464), as a mail server writes it. */
export function report(given: {
  /** What stood before the @ of the Message-ID of the letter; without: the report has it not. */
  readonly id?: string;
  readonly to?: string;
  readonly action?: string;
  readonly status?: string;
}): string {
  const { id, to = 'olga@example.net', action = 'failed', status = '5.1.1' } = given;
  const said = status === '5.1.1' ? ['Diagnostic-Code: smtp; 550 5.1.1 no such person'] : [];
  return [
    'From: MAILER-DAEMON@mx.example.net',
    'To: baton@example.org',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'The message could not be delivered.',
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    `Final-Recipient: rfc822; ${to}`,
    `Action: ${action}`,
    `Status: ${status}`,
    ...said,
    '',
    '--b1',
    'Content-Type: text/rfc822-headers',
    '',
    ...(id === undefined ? [] : [`Message-ID: <${id}@example.org>`]),
    'Subject: Example Grid: Come and test',
    '',
    '--b1--',
    '',
  ].join('\r\n');
}
