import { createHash } from 'node:crypto';
import type { Letter } from '../../src/forge-ports.ts';
import { isLoopback } from './server.ts';
import { clean } from './words.ts';

/** A letter as the library wants it. What goes into a header is looked at here: no text of people's ever makes a new one. */

export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** One address and nothing else: no second one behind a comma, no comment, no quotes, nothing that is not seen. */
const ADDRESS = /^[^\s\p{C}<>()[\]\\,;:"@]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u;

export const isAddress = (text: string): boolean => text.length <= 254 && ADDRESS.test(text) && !text.includes('..');

/** Reads `a@example.org` or `Baton <a@example.org>`. */
export function readSender(from: string): Sender | undefined {
  const [, name = '', angled] = /^([^<>\p{C}]*)<([^<>]*)>$/u.exec(from.trim()) ?? [];
  const address = (angled ?? from).trim();
  return isAddress(address) ? { name: name.trim().replace(/^"(.*)"$/, '$1'), address } : undefined;
}

/** The same letter always has the same: a second copy is known as one by whoever keeps the mail. */
export const messageId = (id: string, host: string): string => `<${localPart(id)}@${host}>`;

/** What stands before the @ of the Message-ID; an id that can't stand there is stood for by its hash. */
export const localPart = (id: string): string =>
  /^[\w-]{1,64}(?:\.[\w-]{1,64}){0,3}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 40);

const MOST_SUBJECT = 200;
const BREAKS = /[\p{Cc}\u2028\u2029\s]+/gu;

/** On one line, whatever it was. */
function subjectOf(text: string): string {
  const line = clean(text.replace(BREAKS, ' ')).trim();
  return line.length <= MOST_SUBJECT ? line : `${line.slice(0, MOST_SUBJECT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Everything that the library needs for one letter; a string says why it can't be sent. */
export function toMessage(letter: Letter, sender: Sender, host: string, now: number) {
  if (!isAddress(letter.to)) return 'the address is none that mail can be sent to';
  const unsubscribe = letter.unsubscribe === undefined ? undefined : unsubscribeHeaders(letter.unsubscribe);
  if (typeof unsubscribe === 'string') return unsubscribe;
  return {
    from: sender,
    to: { name: '', address: letter.to },
    envelope: { from: sender.address, to: [letter.to] },
    messageId: messageId(letter.id, host),
    date: new Date(now),
    subject: subjectOf(letter.subject),
    text: letter.text,
    html: letter.html,
    // Not an answer and not to be answered by a machine: two of those would write to each other for ever (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribe },
    ...(letter.urgent ? { priority: 'high' as const } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** RFC 8058. One click counts over https alone; on this machine a test may do without. */
function unsubscribeHeaders(text: string) {
  const problem = 'the address for unsubscribing is none';
  if (!URL.canParse(text)) return problem;
  const { protocol, hostname, username, password, href } = new URL(text);
  const isHere = protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, ''));
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return problem;
  const url = href.replace(/[<>\s,]/g, encodeURIComponent);
  return {
    'List-Unsubscribe': `<${url}>`,
    ...(protocol === 'https:' || isHere ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
  };
}
