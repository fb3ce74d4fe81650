import type { World } from './draft.ts';
import { boxName, type Letters, type Mailbox, type MailState, NEW_BOX, NO_MAIL } from './mail.ts';
import type { Message, SentKind } from './message.ts';
import { rosterOf } from './people.ts';
import { ONLY } from './streams.ts';
import { oneLine } from './text.ts';

/** Mail by choice: which messages are letters as well, and to whom. */

const mailOf = (world: World): MailState => world.get('mail', ONLY) ?? NO_MAIL;

export const boxOf = (world: World, address: string): Mailbox => mailOf(world).boxes[boxName(address)] ?? NEW_BOX;

/** Everyone whose address this is. */
export const ownersOfAddress = (world: World, address: string): string[] =>
  [...rosterOf(world).people.values()].flatMap(({ id, email }) =>
    email !== undefined && boxName(email) === boxName(address) ? [id] : [],
  );

/** What a person gets by mail at present, so far as they chose it. */
export const chosenBy = (world: World, person: string): readonly Letters[] => mailOf(world).chosen[person] ?? [];

/** May such a letter be written there? */
export const takesLetters = (world: World, address: string, letters: Letters): boolean => {
  const { ended, parked } = boxOf(world, address);
  return parked === null && !ended.includes(letters);
};

const SORTS: Partial<Readonly<Record<string, Letters>>> = {
  page: 'pages', 'page-test': 'pages', 'held-alert': 'pages', escalation: 'pages', digest: 'digests', agenda: 'digests',
  freeze: 'digests', 'on-call': 'digests', invitation: 'invitations',
} satisfies Partial<Record<SentKind, Letters>>; // biome-ignore format: a table

/** What a message of this kind is as a letter; undefined: it goes to chats alone. */
export const lettersOf = (kind: string): Letters | undefined => SORTS[kind];

/** The messages, and beside those to people who chose mail the same as letters: a letter takes the place of nothing. */
export function withLetters(world: World, messages: readonly Message[]): readonly Message[] {
  if (Object.keys(mailOf(world).chosen).length === 0) return messages;
  const seen = new Set<string>();
  return messages.flatMap((message) => [message, ...letterFor(world, message, seen)]);
}

function letterFor(world: World, { kind, to, key, text }: Message, seen: Set<string>): Message[] {
  const letters = lettersOf(kind);
  if (letters === undefined || letters === 'invitations' || !('person' in to)) return [];
  const email = rosterOf(world).people.get(to.person)?.email;
  if (email === undefined || !chosenBy(world, to.person).includes(letters) || !takesLetters(world, email, letters))
    return [];
  // Two who share a mailbox read the same page there once.
  const name = JSON.stringify([boxName(email), kind, key, text]);
  if (seen.has(name)) return [];
  seen.add(name);
  return [{ kind, to: { email }, key, text }];
}

const MOST_WORDS = 200;
/** A server's words as they are kept. */
export const wordsOfServer = (why: string): string => oneLine(why).slice(0, MOST_WORDS).toWellFormed();
