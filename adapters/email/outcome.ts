import type { Posted } from '../../src/forge-ports.ts';
import { saysNobody } from './status.ts';

/** What a letter that failed has come to. SMTP tells more than most: nearly every no of it is a definite one. */

type Failed = Extract<Posted, { readonly is: 'refused' | 'later' | 'put-off' | 'away' | 'uncertain' }>;

/** What is read of an error of the library. */
export interface Failure {
  /** The library's word for the kind: `EENVELOPE`, `EAUTH`, `ETLS`, … */
  readonly kind: string | undefined;
  /** The system's word below that: `ECONNREFUSED`. */
  readonly cause: string | undefined;
  readonly reply: number | undefined;
  readonly response: string | undefined;
  /** What the reply was to: `RCPT TO`. */
  readonly command: string | undefined;
}

export function failureOf(error: unknown): Failure {
  const at = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const word = (value: unknown): string | undefined =>
    typeof value === 'string' && /^[A-Z][A-Z0-9_ ]{1,60}$/.test(value) ? value : undefined;
  const reply = at('responseCode');
  const response = at('response');
  return {
    kind: word(at('code')),
    cause: word(at('originalCode')) ?? word(at('errno')),
    reply: typeof reply === 'number' && reply >= 200 && reply < 600 ? reply : undefined,
    response: typeof response === 'string' ? response : undefined,
    command: word(at('command')),
  };
}

const MINUTE = 60_000;
/** A server that closes down, or a mailbox that is busy, is not at once as it was. */
const PAUSE: Readonly<Record<number, number>> = { 421: 2 * MINUTE, 450: MINUTE, 451: MINUTE, 452: 5 * MINUTE };

/** `isUnderWay`: some of the letter itself had been handed over when it failed. */
export function outcomeOf(failure: Failure, isUnderWay: boolean): Failed {
  const { kind, reply } = failure;
  const why = wordsOf(failure);
  if (kind === 'EAUTH' || kind === 'ENOAUTH' || kind === 'EOAUTH2')
    return isBusy(reply) ? later(reply, why) : away(why);
  if (isAboutEncryption(failure)) return away(why);
  if (reply !== undefined) return ofReply(failure, reply, why);
  if (isUnderWay) return { is: 'uncertain', why };
  // Said by the library itself, before it asked the server: the letter is too large, or its address is none.
  if (kind === 'EENVELOPE' || kind === 'EMESSAGE') return { is: 'refused', why };
  return away(why);
}

function ofReply({ kind, command, response }: Failure, reply: number, why: string): Failed {
  if (isBusy(reply)) return isAboutOne(kind, command, reply) ? putOff(reply, why) : later(reply, why);
  // 503 says that the conversation went wrong, not that this letter is not wanted.
  if (reply === 503) return later(reply, why);
  if (reply < 500) return { is: 'uncertain', why };
  if (kind !== 'EENVELOPE' && kind !== 'EMESSAGE') return away(why);
  if (command === 'RCPT TO')
    return isNobody(reply, response) ? { is: 'refused', why, unreachable: true } : { is: 'refused', why };
  // Our own address or our rights are not taken: every letter would fail alike. 552 is the size of this one.
  if (command === 'MAIL FROM' && reply !== 552) return away(why);
  return { is: 'refused', why };
}

/** A server that goes away says so of everything; what it says of a recipient or of a letter is about that one alone. */
const isAboutOne = (kind: string | undefined, command: string | undefined, reply: number): boolean =>
  reply !== 421 && (command === 'RCPT TO' || kind === 'EMESSAGE');

/** Refused for good because nobody is there: not because of us (5.7), nor because the mailbox is full or too small (5.2.2). */
function isNobody(reply: number, response: string | undefined): boolean {
  const status = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1];
  return status === undefined ? [550, 551, 553].includes(reply) : saysNobody(status);
}

/** What Node says of a certificate that it does not take; the library has one word for it and for a cable that is out. */
export const isAboutEncryption = ({ kind, cause }: Failure): boolean =>
  kind === 'ETLS' || /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO$)/.test(cause ?? '');

const isBusy = (reply: number | undefined): boolean => reply !== undefined && reply >= 400 && reply < 500;
const later = (reply: number | undefined, why: string): Failed => ({
  is: 'later',
  after: PAUSE[reply ?? 0] ?? MINUTE,
  why,
});
const putOff = (reply: number, why: string): Failed => ({ is: 'put-off', after: PAUSE[reply] ?? MINUTE, why });
const away = (why: string): Failed => ({ is: 'away', why });

const MOST_WORDS = 200;

/** One line for people. A server's words about the sign-in are left out: some repeat what it was given. */
export function wordsOf(failure: Failure): string {
  const { kind, cause, reply, response, command } = failure;
  if (kind === 'EAUTH' || kind === 'ENOAUTH' || kind === 'EOAUTH2')
    return `the mail server does not take the user and the password${reply === undefined ? '' : ` (${reply})`}`;
  if (isAboutEncryption(failure))
    return command === 'STARTTLS' && reply !== undefined
      ? 'the mail server offers no encryption (STARTTLS), and nothing is sent in the clear'
      : 'the mail server’s encryption or certificate is not in order';
  if (response !== undefined)
    return response
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, MOST_WORDS);
  if (kind === 'EABORT' || kind === 'ETIMEDOUT') return 'the mail server took too long';
  if (kind === 'EENVELOPE') return 'the mail server can not be asked for this address';
  if (kind === 'EMESSAGE') return 'the letter is too large for the mail server';
  return `the mail server is not reached (${cause ?? kind ?? 'no answer'})`;
}
