import type { Meta } from './item.ts';

/** What is known of mail: who chose what, what an address has ended, and where no letter arrives. */

export const LETTERS = ['pages', 'digests', 'invitations'] as const;
export type Letters = (typeof LETTERS)[number];

export interface Mailbox {
  /** What was ended there; only somebody who chooses it anew gets it again. */
  readonly ended: readonly Letters[];
  /** The words with which its server refused it for good; null: letters go there. */
  readonly parked: string | null;
  /** When it was last said to work: what comes back of letters from before says nothing of it. */
  readonly since: number;
}
export interface MailState {
  /** What people chose, by their id. */
  readonly chosen: Readonly<Record<string, readonly Letters[]>>;
  /** By address, in small letters. */
  readonly boxes: Readonly<Record<string, Mailbox>>;
}
export type MailEvent =
  | { type: 'mail-chosen'; person: string; address: string; letters: readonly Letters[] }
  /** `people`: those whose address it is, for the choice was theirs. */
  | { type: 'mail-ended'; address: string; letters: readonly Letters[]; people: readonly string[] }
  | { type: 'mail-parked'; address: string; why: string }
  | { type: 'mail-lifted'; address: string };

export const NO_MAIL: MailState = { chosen: {}, boxes: {} };
export const NEW_BOX: Mailbox = { ended: [], parked: null, since: 0 };

/** Two spellings of an address are one mailbox: what was ended must not go on under the other. */
export const boxName = (address: string): string => address.toLowerCase();

export function evolveMail(state: MailState = NO_MAIL, event: MailEvent, meta: Meta): MailState {
  const name = boxName(event.address);
  const box = state.boxes[name] ?? NEW_BOX;
  const withBox = (changed: Partial<Mailbox>): MailState => ({
    ...state,
    boxes: { ...state.boxes, [name]: { ...box, ...changed } },
  });
  const works = { parked: null, since: meta.at };
  switch (event.type) {
    case 'mail-chosen': {
      const chosen = [...new Set([...(state.chosen[event.person] ?? []), ...event.letters])];
      const after = withBox({ ended: box.ended.filter((each) => !event.letters.includes(each)), ...works });
      return { ...after, chosen: { ...after.chosen, [event.person]: chosen } };
    }
    case 'mail-ended': {
      const after = withBox({ ended: [...new Set([...box.ended, ...event.letters])] });
      const left = event.people.map((person) => [
        person,
        (state.chosen[person] ?? []).filter((each) => !event.letters.includes(each)),
      ]);
      return { ...after, chosen: { ...after.chosen, ...Object.fromEntries(left) } };
    }
    case 'mail-parked':
      return withBox({ parked: event.why });
    case 'mail-lifted':
      return withBox(works);
    default:
      return event satisfies never;
  }
}
