import type { Bounce } from '../../src/forge-ports.ts';
import { isAddress } from './letter.ts';
import { type Headers, type Part, parameter, partsOf, readHeaders, readPart, textOf, typeOf } from './mime.ts';
import { saysNobody } from './status.ts';

/** Reads what comes back: a report that a letter was not delivered (RFC 3464). */

const MOST_BYTES = 1_000_000;
const MOST_DEPTH = 3;
const MOST_WORDS = 300;

/** Undefined: it is no such report, or it tells of success. Of several recipients the first that failed for good counts. */
export function readBounce(raw: Buffer | string): Bounce | undefined {
  const bytes = typeof raw === 'string' ? Buffer.from(raw) : raw;
  const whole = readPart(
    bytes
      .subarray(0, MOST_BYTES)
      .toString('utf8')
      .replace(/^(?:\r?\n)+/, ''),
  );
  const report = findReport(whole, 0);
  if (report === undefined) return undefined;
  const parts = partsOf(report);
  const status = parts.find((part) => STATUS.has(typeOf(part)));
  if (status === undefined) return undefined;
  // The first group is about the report, the others are about one recipient each.
  const [, ...recipients] = textOf(status)
    .split(/\r?\n[ \t]*\r?\n/)
    .map((group) => readHeaders(group.replace(/^(?:\r?\n)+/, '')));
  const failed = recipients.map(readRecipient).filter((each) => each !== undefined);
  const found = failed.find(({ permanent }) => permanent) ?? failed[0];
  if (found === undefined) return undefined;
  const id = idOf(parts);
  return { ...(id === undefined ? {} : { id }), ...found };
}

/** The second one is the same for addresses with letters beyond ASCII (RFC 6533). */
const STATUS = new Set(['message/delivery-status', 'message/global-delivery-status']);
const RETURNED = new Set(['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers']);

/** Mailing lists and scanners put a report into a wrapping of their own. */
function findReport(part: Part, depth: number): Part | undefined {
  if (typeOf(part) === 'multipart/report') {
    const kind = parameter(part, 'report-type')?.toLowerCase();
    return kind === undefined || STATUS.has(`message/${kind}`) ? part : undefined;
  }
  if (depth === MOST_DEPTH) return undefined;
  for (const inner of partsOf(part)) {
    const found = findReport(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readRecipient(fields: Headers): Omit<Bounce, 'id'> | undefined {
  const action = word(fields.get('action'));
  if (action !== 'failed' && action !== 'delayed') return undefined;
  // The one that we wrote to, rather than what it was forwarded to.
  const to = [fields.get('original-recipient'), fields.get('final-recipient')].map(addressOf).find(Boolean);
  if (to === undefined) return undefined;
  const status = /\b([245])\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '');
  const said = withoutType(fields.get('diagnostic-code'));
  const permanent = action === 'failed' && (status === null || status[1] === '5');
  const isGone = permanent && (status === null || saysNobody(status[0]));
  return { to, permanent, isGone, why: oneLine(said || status?.[0] || action) };
}

const word = (text: string | undefined): string | undefined => /^[a-z-]+/i.exec(text?.trim() ?? '')?.[0].toLowerCase();

/** `rfc822; a@example.org`, also in angle brackets. */
function addressOf(field: string | undefined): string | undefined {
  const address = withoutType(field).replace(/^<|>$/g, '');
  return isAddress(address) ? address : undefined;
}

const withoutType = (field: string | undefined): string => (field ?? '').replace(/^[^;]{0,40};\s*/, '').trim();

const oneLine = (text: string): string =>
  text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_WORDS);

/** From the letter that came back, or from its headers. */
function idOf(parts: readonly Part[]): string | undefined {
  const returned = parts.find((part) => RETURNED.has(typeOf(part)));
  if (returned === undefined) return undefined;
  const id = readPart(textOf(returned)).headers.get('message-id');
  return /^<([^<>@\s]{1,260})@[^<>@\s]{1,255}>$/.exec(id ?? '')?.[1];
}
