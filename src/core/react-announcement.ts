import { dayOn, HOUR } from './calendar.ts';
import { announcementCard } from './cards.ts';
import { ESCALATE_VOTE_AFTER_HOURS, REMIND_VOTERS_AFTER_HOURS } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { type Effects, peopleOf, tell } from './message.ts';
import { PLACES } from './organisation.ts';
import { electorPlaces } from './react-item.ts';
import { say } from './text.ts';
import { tallyOf } from './vote.ts';

export function reactToAnnouncement(
  world: World,
  { event, before, after }: Happening<'announcement'>,
  effects: Effects,
): void {
  const { key, vote } = after;
  const live = { of: 'vote', on: key, vote: vote.id } as const;
  switch (event.type) {
    case 'drafted':
    case 'announcement-edited': {
      effects.cleared.push(`announcement/${key}/`);
      tell(effects, 'vote-opened', electorPlaces(world, vote), key, announcementCard(world, after), live);
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
      return tell(effects, 'vote-reminder', peopleOf(tallyOf(vote).missing), key, announcementCard(world, after), live);
    case 'announced':
      effects.cleared.push(`announcement/${key}/`);
      tell(
        effects,
        'vote-closed',
        electorPlaces(world, vote),
        key,
        say`${key} has the signatures it needs and is posted.`,
      );
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
