import type { Meta } from './item.ts';
import { type Choice, castBallot, type Group, leaveElectorate, majorityOf, openVote, type Vote } from './vote.ts';

/** An outside message (R8): drafted, signed by everyone who must, posted. An edit wants all signatures anew. */

export interface AnnouncementState {
  readonly key: string;
  readonly item: string;
  readonly text: string;
  /** The date that it promises, if any: the promise has passed when that day has. */
  readonly date: string | null;
  readonly by: string;
  readonly state: 'drafted' | 'announced' | 'rejected' | 'void';
  readonly vote: Vote;
  readonly version: number;
}

export type AnnouncementEvent =
  | {
      type: 'drafted';
      key: string;
      item: string;
      text: string;
      date: string | null;
      by: string;
      vote: string;
      groups: readonly Group[];
    }
  | {
      type: 'announcement-edited';
      text: string;
      date: string | null;
      by: string;
      vote: string;
      groups: readonly Group[];
    }
  | { type: 'signature-given'; person: string; choice: Choice; note: string | null }
  | { type: 'signer-left'; person: string; role: string }
  | { type: 'signers-joined'; role: string; electorate: readonly string[] }
  | { type: 'signers-reminded' }
  | { type: 'announced' }
  | { type: 'announcement-rejected' }
  | { type: 'voided'; why: string };

export function evolveAnnouncement(
  before: AnnouncementState | undefined,
  event: AnnouncementEvent,
  meta: Meta,
): AnnouncementState {
  if (event.type === 'drafted') {
    const { key, item, text, date, by, vote, groups } = event;
    return {
      key,
      item,
      text,
      date,
      by,
      state: 'drafted',
      vote: openVote(vote, 'announcement', groups, meta.at, null),
      version: 1,
    };
  }
  if (before === undefined) throw new Error(`an announcement begins with a draft, not with ${event.type}`);
  const announcement = { ...before, version: before.version + 1 };
  switch (event.type) {
    case 'announcement-edited':
      return {
        ...announcement,
        state: 'drafted',
        text: event.text,
        date: event.date,
        by: event.by,
        vote: openVote(event.vote, 'announcement', event.groups, meta.at, null),
      };
    case 'signature-given':
      return { ...announcement, vote: castBallot(announcement.vote, event.person, event.choice) };
    case 'signer-left':
      return { ...announcement, vote: leaveElectorate(announcement.vote, event.person, event.role) };
    case 'signers-joined': {
      const { role, electorate } = event;
      const groups = announcement.vote.groups.map((group) =>
        group.role === role
          ? { ...group, electorate, needed: group.majority ? majorityOf(electorate.length) : group.needed }
          : group,
      );
      return { ...announcement, vote: { ...announcement.vote, groups } };
    }
    case 'signers-reminded':
      return announcement;
    case 'announced':
      return { ...announcement, state: 'announced', vote: { ...announcement.vote, result: 'approved' } };
    case 'announcement-rejected':
      return { ...announcement, state: 'rejected', vote: { ...announcement.vote, result: 'rejected' } };
    case 'voided':
      return { ...announcement, state: 'void', vote: { ...announcement.vote, result: 'void' } };
    default:
      return event satisfies never;
  }
}
