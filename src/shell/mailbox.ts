import { boxOf, ownersOfAddress, wordsOfServer } from '../core/letters.ts';
import type { Letters } from '../core/mail.ts';
import { rosterOf } from '../core/people.ts';
import { ONLY } from '../core/streams.ts';
import type { Bounce } from '../forge-ports.ts';
import type { Engine } from './engine.ts';
import type { MailSeal } from './mail-seal.ts';

/** What comes back of letters: an address that ends them, and one that is not there. Each is an event like any other. */

/** One click: recorded once, said as often as it is asked. */
export async function endLetters(engine: Engine, address: string, letters: Letters): Promise<void> {
  await engine.act('mail', 'system', (draft) => {
    const people = ownersOfAddress(draft, address);
    const chosen = draft.get('mail', ONLY)?.chosen ?? {};
    const goesOn = people.some((person) => chosen[person]?.includes(letters) === true);
    if (!goesOn && boxOf(draft, address).ended.includes(letters)) return;
    draft.emit('mail', ONLY, { type: 'mail-ended', address, letters: [letters], people });
  });
}

/** Nothing more goes there until somebody says that it works. */
export async function park(engine: Engine, address: string, why: string): Promise<void> {
  await engine.act('mail', 'system', (draft) => {
    if (boxOf(draft, address).parked !== null) return;
    draft.emit('mail', ONLY, { type: 'mail-parked', address, why: wordsOfServer(why) });
  });
}

/** A letter's own id, as `letters.ts` makes it: when it was written is in it. */
const LETTER_ID = /^[a-z-]+-\d+-([0-9a-z]+)$/;

/**
 * A report that a letter was not delivered. Anybody can write one, so nothing in it is believed but the Message-ID, which
 * nobody could write who has not seen the letter: it says to which address the letter went, and no other is parked.
 */
export async function takeBounce(engine: Engine, seal: MailSeal, bounce: Bounce): Promise<string> {
  const sealed = bounce.id === undefined ? undefined : seal.readId(bounce.id);
  if (sealed === undefined) return 'It is about no letter of ours, so nothing was done.';
  const world = engine.world();
  const addresses = [...rosterOf(world).people.values()].flatMap(({ email }) => email ?? []);
  const address = addresses.find((each) => sealed.isTo(each));
  if (address === undefined) return 'The letter went to an address that nobody has here any more, so nothing was done.';
  if (!bounce.permanent) return 'The letter is only late, so letters go on.';
  if (!bounce.isGone)
    return `That letter was refused, but somebody is there, so letters go on: ${wordsOfServer(bounce.why)}`;
  const { parked, since } = boxOf(world, address);
  if (parked !== null) return `Mail to ${address} is parked already.`;
  const at = Number.parseInt(LETTER_ID.exec(sealed.id)?.[1] ?? '', 36);
  if (!(at >= since)) return `Somebody said since then that ${address} works, so nothing was done.`;
  await park(engine, address, bounce.why);
  return `Mail to ${address} is parked: ${wordsOfServer(bounce.why)}`;
}
