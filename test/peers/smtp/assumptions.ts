/** What the peer takes for granted about mail servers out there. The protocol itself is spoken by a real SMTP library. */

export const ASSUMPTIONS: readonly {
  readonly what: string;
  readonly source: 'standard' | 'our choice' | 'not modelled';
}[] = [
  { what: 'A 4xx answer, also one to the whole letter, means that nothing was taken.', source: 'standard' },
  { what: 'A 5xx answer to RCPT TO is about the address, one to MAIL FROM about us.', source: 'our choice' },
  { what: 'A server that keeps a letter and is cut off before its answer delivers the letter.', source: 'standard' },
  { what: 'Who strips STARTTLS also refuses the command.', source: 'our choice' },
  { what: 'A letter with the same Message-ID twice is kept twice; most mailboxes show one.', source: 'our choice' },
  { what: 'Reports about bounces are written by the tests, after the samples of RFC 3464.', source: 'standard' },
  { what: 'Greylisting, rate limits by sender, content filters, DKIM and SPF.', source: 'not modelled' },
];
