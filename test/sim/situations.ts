import { DateTime } from 'luxon';
import type { World } from '../../src/core/draft.ts';
import { noteReleases } from './situations-releases.ts';
import type { Stage } from './stage.ts';

/** Situations that a run must have met: a simulation that never reached them shows nothing about them. */

const ZONE = 'Europe/Brussels';
const crashes = (...points: readonly string[]): readonly string[] => points.map((point) => `crash ${point}`);

/** What each is called, and what counts as one of it. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  'crash before what came in is stored': crashes('before store.receive'),
  'crash in the middle of storing what came in': crashes('during store.receive'),
  'crash between storing and confirming': crashes('after store.receive'),
  'crash before a commit': crashes('before store.decide'),
  'crash in the middle of a commit': crashes('during store.decide'),
  'crash between commit and answer': crashes('after store.decide'),
  'crash between claim and send': crashes('after store.claim', 'before telegram.send', 'before slack.send'),
  'crash between send and mark': crashes('after telegram.send', 'after slack.send', 'before store.mark'),
  'crash with a mark that waits': crashes('during store.mark'),
  'crash while a timer fires': crashes('before store.fire', 'during store.fire', 'after store.fire'),
  'crash between a job and its mark': crashes('after github.perform'),
  '429 storm': ['429 storm'],
  'freeze edge in downtime': ['freeze edge in downtime'],
  'restart in mid-vote': ['restart in mid-vote'],
  'tie at the close': ['tie at the close'],
  'two releases at once': ['two releases at once'],
  'a release beside a freeze that is declared': ['a release beside a freeze'],
  'a night whose hours change': ['a night whose hours change'],
  'uncertain, and it was done': ['uncertain, and done'],
  'uncertain, read back and found': ['read back: found'],
  'uncertain, read back and not found': ['read back: not found'],
  'a job found by its marker': ['job found by its marker'],
  'a webhook that nobody took': ['webhook lost'],
  'a double on Telegram': ['a double on Telegram'],
  'an outage longer than what waits is of use': ['expired: too late'],
  'a backlog that is collapsed': ['expired: a newer one'],
  'a long outage': ['a long outage'],
  'a full disk': ['a full disk'],
  'a conversation that is shut': ['a conversation that is shut'],
  'a clock that leaps': ['a clock that leaps'],
  'safe mode for a clock that stepped': ['safe mode for a clock that stepped'],
  'a double click': ['a double click'],
  'an old button': ['an old button'],
  'an emergency that is asked for': ['emergency: asked for'],
  'an emergency that is asked for where there is no freeze': ['an emergency outside a freeze'],
  'an emergency that is released': ['emergency: released'],
  'an emergency that is released, and its step goes on': ['emergency: step goes on'],
  'an emergency that is refused': ['emergency: rejected'],
  'an emergency whose issue is no longer one': ['emergency: no issue'],
  'an emergency whose asker is not of OPS any more': ['emergency: not of OPS'],
  'an emergency whose freeze is over': ['emergency: freeze over'],
  'an emergency that is overtaken by the release itself': ['emergency: overtaken'],
  'an emergency whose item is dropped': ['emergency: dropped'],
  'a restart between an emergency and its signatures': ['restart in mid-emergency'],
  'a deployment that is kept waiting': ['deployment: held'],
  'a deployment that is let go': ['deployment: let go'],
  'a deployment that is let go after it was kept waiting': ['deployment: held, then let go'],
  'a release by a deployment that was let go': ['deployment: admitted'],
  'a release past the bot that closes its step': ['deployment: past the bot, closes'],
  'a release past the bot that closes nothing': ['deployment: past the bot, stays'],
  'a deployment of what was said to the bot': ['deployment: said'],
  'a deployment that nobody should have made': ['deployment: wrong'],
};

/** How often each was met, in all these histories together. */
export function countSituations(all: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const count = (names: readonly string[]): number => names.reduce((sum, name) => sum + (all.get(name) ?? 0), 0);
  return new Map(Object.entries(WANTED).map(([situation, names]) => [situation, count(names)]));
}

const localTime = (at: number): DateTime => DateTime.fromMillis(at, { zone: ZONE });
const isFrozen = (at: number): boolean => localTime(at).weekday >= 4;

/** A process begins after a while in which there was none. */
export function noteStart({ met }: Stage, world: World, downFrom: number | undefined, now: number): void {
  if (downFrom !== undefined && isFrozen(downFrom) !== isFrozen(now)) met('freeze edge in downtime');
  const isAmidst = world
    .open('item')
    .some(({ votes }) => votes.some(({ result, ballots }) => result === null && Object.keys(ballots).length > 0));
  if (isAmidst && downFrom !== undefined) met('restart in mid-vote');
  const isUrgent = world.open('item').some(({ emergency }) => emergency != null);
  if (isUrgent && downFrom !== undefined) met('restart in mid-emergency');
}

/** At the end: what the events and the outbox tell of it. */
export function noteEnd(stage: Stage, began: number): void {
  const { met } = stage;
  if (localTime(began).offset !== localTime(stage.now()).offset) met('a night whose hours change');
  const reasons = stage.db().prepare<[], string>("select reason from outbox where state = 'expired'").pluck().all();
  for (const reason of reasons) {
    if (reason.startsWith('it could not be said')) met('expired: too late');
    if (reason.startsWith('a newer one')) met('expired: a newer one');
  }
  noteEvents(stage);
  noteReleases(stage.bot()?.engine.store.events(0, 1_000_000) ?? [], met);
}

function noteEvents({ met, bot }: Stage): void {
  const ballots = new Map<string, Map<string, string>>();
  for (const { type, stream, data } of bot()?.engine.store.events(0, 1_000_000) ?? []) {
    const { vote, person, choice } = data as Readonly<Record<string, unknown>>;
    const name = `${stream} ${String(vote)}`;
    if (type !== 'ballot-cast') continue;
    const cast = ballots.get(name) ?? new Map<string, string>();
    const count = (wanted: string): number => [...cast.values()].filter((each) => each === wanted).length;
    // The ballot that decides comes when as many were for it as against it.
    if (!cast.has(String(person)) && count('approve') > 0 && count('approve') === count('reject'))
      met('tie at the close');
    ballots.set(name, cast.set(String(person), String(choice)));
  }
}
