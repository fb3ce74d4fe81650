import type { Happening, World } from './draft.ts';
import { ownersOfAddress } from './letters.ts';
import { type Effects, peopleOf, tell } from './message.ts';
import { membersOf, nameOf } from './people.ts';
import { code, enumerate, say } from './text.ts';

/** An address that is refused for good: whose it is hears of it in the chat, and so does whoever can mend it. */
export function reactToMail(world: World, { event }: Happening<'mail'>, effects: Effects): void {
  if (event.type !== 'mail-parked') return;
  const { address, why } = event;
  const owners = ownersOfAddress(world, address);
  const own = say`No mail gets to you: the server of ${address} says “${why}”. Nothing more goes there. When it works again, say ${code('/mail again')}.`;
  tell(effects, 'hint', peopleOf(owners), null, own);
  const admins = membersOf(world, 'admin');
  const others = (admins.length > 0 ? admins : membersOf(world, 'ops')).filter((id) => !owners.includes(id));
  const name = owners[0];
  if (name === undefined) return;
  const text = say`No mail gets to ${enumerate(owners.map((id) => nameOf(world, id)))}: the server of ${address} says “${why}”. Nothing more goes there. When the address works again, say ${code(`/mail again ${name}`)}; a new one goes into the organisation’s file.`;
  tell(effects, 'hint', peopleOf(others), null, text);
}
