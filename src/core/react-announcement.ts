import type { AnnouncementState } from './announcement.ts';
import { dayOn, HOUR } from './calendar.ts';
import { ESCALATE_VOTE_AFTER_HOURS, REMIND_VOTERS_AFTER_HOURS } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { type Effects, peopleOf, tell } from './message.ts';
import { PLACES } from './organisation.ts';
import { nameOf } from './people.ts';
import { electorPlaces } from './react-item.ts';
import { bold, buttons, enumerate, lines, say, type Text } from './text.ts';
import { tallyOf } from './vote.ts';

/** The card of an announcement: its text, its promise, who signed. */
export function announcementCard(world: World, announcement: AnnouncementState): Text {
  const { key, item, text, date, vote } = announcement;
  const tally = tallyOf(vote);
  const names = (ids: readonly string[]) => (ids.length === 0 ? '–' : enumerate(ids.map((id) => nameOf(world, id))));
  const choices = buttons(
    { label: 'Approve', command: 'approve', on: key },
    { label: 'Reject', command: 'reject', on: key },
  );
  return lines(
    say`${bold(key)} on ${item}${date === null ? '' : `, promised by ${date}`}: ${text}`,
    say`Signed: ${names(tally.approve)}. Missing: ${names(tally.missing)}.${choices}`,
  );
}

export function reactToAnnouncement(
  world: World,
  { event, before, after }: Happening<'announcement'>,
  effects: Effects,
): void {
  const { key, vote } = after;
  switch (event.type) {
    case 'drafted':
    case 'announcement-edited': {
      effects.cleared.push(`announcement/${key}/`);
      tell(effects, 'vote-opened', electorPlaces(world, vote), key, announcementCard(world, after));
      effects.timers.push(
        {
          key: `announcement/${key}/remind`,
          due: world.now + REMIND_VOTERS_AFTER_HOURS * HOUR,
          run: { do: 'remind-voters', key, vote: vote.id },
        },
        {
          key: `announcement/${key}/escalate`,
          due: world.now + ESCALATE_VOTE_AFTER_HOURS * HOUR,
          run: { do: 'escalate-vote', key, vote: vote.id },
        },
      );
      if (after.date !== null)
        effects.timers.push({
          key: `announcement/${key}/void`,
          due: dayOn(world.organisation, after.date).until,
          run: { do: 'void-announcement', key, vote: vote.id },
        });
      return;
    }
    case 'signers-reminded':
      return tell(effects, 'vote-reminder', peopleOf(tallyOf(vote).missing), key, announcementCard(world, after));
    case 'announced':
      effects.cleared.push(`announcement/${key}/`);
      tell(effects, 'vote-closed', electorPlaces(world, vote), key, say`${key} is signed by all and posted.`);
      return tell(effects, 'announcement', [{ chat: PLACES.announcements }], key, say`${after.text}`);
    case 'announcement-rejected':
      effects.cleared.push(`announcement/${key}/`);
      return tell(
        effects,
        'vote-closed',
        [...electorPlaces(world, vote), { person: after.by }],
        key,
        say`${key} was rejected. Edit it with /announce ${key} TEXT.`,
      );
    case 'voided': {
      effects.cleared.push(`announcement/${key}/`);
      const voters = Object.keys(before?.vote.ballots ?? {});
      return tell(effects, 'vote-closed', peopleOf([after.by, ...voters]), key, say`${key} is void: ${event.why}.`);
    }
    case 'signature-given':
    case 'signer-left':
    case 'signers-joined':
      return;
    default:
      return event satisfies never;
  }
}
