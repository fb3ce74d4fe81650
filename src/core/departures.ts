import { calendarOf, type Draft } from './draft.ts';
import { ensureVotes, itemOf, offer, settle } from './flow.ts';
import type { ItemState } from './item.ts';
import { ITEM_ROLES, type Role } from './organisation.ts';
import { isKnown, membersOf } from './people.ts';
import { checkRules } from './rule.ts';
import { ONLY } from './streams.ts';
import { missingSignatures, resultOf } from './vote.ts';

/** What follows when somebody loses a role or leaves: votes, batons and ownership go on without them. */

/** To be called after the role is gone; `item` where it was the role of one item only. */
export function roleLost(draft: Draft, person: string, role: Role, item?: ItemState): void {
  const items = item === undefined ? draft.open('item') : [item];
  for (const { key } of items) {
    leaveVotes(draft, key, person, role);
    letGo(draft, key, person);
  }
  for (const announcement of draft.open('announcement')) {
    const isSigner = announcement.vote.groups.some((group) => group.role === role && group.electorate.includes(person));
    if (!isSigner || (item !== undefined && announcement.item !== item.key)) continue;
    draft.emit('announcement', announcement.key, { type: 'signer-left', person, role });
    fillSigners(draft, announcement.key);
    settleAnnouncement(draft, announcement.key);
  }
}

function leaveVotes(draft: Draft, key: string, person: string, role: Role): void {
  for (const vote of itemOf(draft, key).votes) {
    if (vote.result !== null || !vote.groups.some((group) => group.role === role && group.electorate.includes(person)))
      continue;
    draft.emit('item', key, { type: 'elector-left', vote: vote.id, person, role });
    const before = itemOf(draft, key);
    settle(draft, key, vote.id);
    rolesMoved(draft, before);
  }
}

/** A holder who is no longer of the team lets the baton go; it is offered again and its clock starts anew. */
function letGo(draft: Draft, key: string, person: string): void {
  const item = itemOf(draft, key);
  if (
    item.holder !== person ||
    (item.state !== 'active' && item.state !== 'proposed') ||
    membersOf(draft, item.role, item).includes(person)
  )
    return;
  draft.emit('item', key, { type: 'released-holder', person, why: 'no longer of the team' });
  offer(draft, key);
}

/** The roles of one item went to other people: whoever had one before and has it no longer leaves its votes and batons. */
export function rolesMoved(draft: Draft, before: ItemState): void {
  const after = itemOf(draft, before.key);
  for (const role of ITEM_ROLES) {
    const now = membersOf(draft, role, after);
    for (const person of membersOf(draft, role, before))
      if (!now.includes(person)) roleLost(draft, person, role, itemOf(draft, before.key));
  }
}

/** Somebody has left for good: everything above for each role, and their items pass on. */
export function personLeft(draft: Draft, person: string, roles: readonly Role[]): void {
  for (const { key, owner, proposer, grants } of draft.open('item')) {
    if (owner === person)
      draft.emit('item', key, { type: 'owner-changed', owner: isKnown(draft, proposer) ? proposer : null });
    for (const role of ITEM_ROLES)
      if (grants[role]?.includes(person) === true) draft.emit('item', key, { type: 'item-role-revoked', role, person });
  }
  for (const role of [...roles, ...ITEM_ROLES]) roleLost(draft, person, role);
  const { offers = [], swaps = {}, tests = {} } = calendarOf(draft) ?? {};
  const hasDuties = [...offers, ...Object.values(swaps)].some(({ from, to }) => from === person || to === person);
  if (hasDuties || person in tests) draft.emit('calendar', ONLY, { type: 'duties-dropped', person });
}

/** Somebody gained a role: what could not open for want of people opens now, and who waited for the team finds it. */
export function roleGained(draft: Draft): void {
  for (const { key } of draft.open('item')) {
    ensureVotes(draft, key);
    const item = itemOf(draft, key);
    const isFirst = item.offer?.unheard && membersOf(draft, item.role, item).length > 0;
    if (isFirst) offer(draft, key);
  }
  for (const { key } of draft.open('announcement')) fillSigners(draft, key);
}

/** A signature that nobody is left to give is asked of those who hold the role now. */
function fillSigners(draft: Draft, key: string): void {
  const announcement = draft.get('announcement', key);
  const item = announcement === undefined ? undefined : draft.get('item', announcement.item);
  if (announcement?.state !== 'drafted') return;
  for (const group of announcement.vote.groups) {
    const electorate = membersOf(draft, group.role as Role, item);
    if (group.electorate.length === 0 && electorate.length > 0)
      draft.emit('announcement', key, { type: 'signers-joined', role: group.role, electorate });
  }
}

/** Posts or gives up an announcement after its signers changed. */
function settleAnnouncement(draft: Draft, key: string): void {
  const announcement = draft.get('announcement', key);
  if (announcement === undefined || announcement.state !== 'drafted') return;
  const { vote, date } = announcement;
  if (vote.groups.some((group) => group.electorate.length === 0)) return;
  const result = resultOf(vote);
  if (result === 'rejected') draft.emit('announcement', key, { type: 'announcement-rejected' });
  else if (
    checkRules(draft, draft.actor, {
      act: 'publish',
      approved: result === 'approved',
      missing: missingSignatures(vote),
      date,
    }) === undefined
  )
    draft.emit('announcement', key, { type: 'announced' });
}
