import { createHash } from 'node:crypto';
import { say, type Text, toPlain } from '../core/text.ts';
import type { ChatAdapter, Unasked } from '../ports.ts';
import type { OutboxDraft, Store, StoredButton } from '../store/port.ts';
import { type Moves, readAddress } from './address.ts';

/** A way into a closed chat for one person. The link is made when it is sent, so that an outage only puts it off. */

/** Whom it lets in, where, and for which item. */
export interface Invitation {
  readonly chat: string;
  readonly account: string;
  readonly on: string;
}

const LINK_LIVES = 7 * 24 * 3_600_000;
/** Under this name the links are kept beside the buttons: a token, where it holds, and for whom. */
const COMMAND = 'invite-link';
const tokenOf = (link: string): string => createHash('sha256').update(link).digest('base64url').slice(0, 22);

/** The row of the outbox that becomes a link on its way. */
export function invitationRow(invite: Invitation, at: number): OutboxDraft {
  const { account } = invite;
  const nodes = say`The testers’ chat is closed; a way in that is yours alone follows.`;
  return {
    kind: 'hint', lane: 'answer', to: { place: account }, address: account, key: null, at, late: false,
    body: { text: toPlain(nodes), nodes, invite },
  }; // biome-ignore format: one row
}

/** Makes the link and keeps whom it is for; undefined: the chat is open to all, or none can be made. */
export async function makeInvitation(
  { store, moves }: { readonly store: Store; readonly moves: Moves },
  adapter: ChatAdapter,
  { chat, account, on }: Invitation,
  now: number,
): Promise<Text | undefined | Unasked> {
  const address = readAddress(chat);
  const link = address && (await adapter.inviteLink?.(moves.now(address), now + LINK_LIVES, account));
  if (typeof link !== 'string') return link;
  await store.keepButtons([{ token: tokenOf(link), address: chat, command: COMMAND, on, args: account }]);
  return say`The testers’ chat is closed; this way in is yours alone, for seven days: ${{ node: 'link', url: link, label: link }}`;
}

/** The item for which this link was made for this account, into this chat; undefined: it was not. */
export function invitedFor(store: Store, link: string | undefined, chat: string, account: string): string | undefined {
  const kept: StoredButton | undefined = link === undefined ? undefined : store.button(tokenOf(link));
  const isTheirs = kept?.command === COMMAND && isSameChat(kept.address, chat) && kept.args === account;
  return isTheirs ? kept.on : undefined;
}

/** One is let into a chat, whichever of its topics the invitation stands in. */
function isSameChat(one: string, other: string): boolean {
  const [a, b] = [readAddress(one), readAddress(other)];
  return a !== undefined && a.platform === b?.platform && a.chat === b.chat;
}
