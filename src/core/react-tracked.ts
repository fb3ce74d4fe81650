import { nextNews } from './alerting.ts';
import { dayAt, daytimeOf, isIn, showInstant } from './calendar.ts';
import { clockOf } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { looseRungs } from './escalation.ts';
import type { ItemState } from './item.ts';
import { type Effects, peopleOf, type To, teamOf, tell } from './message.ts';
import { isKnown, nameOf } from './people.ts';
import { bold, say } from './text.ts';
import type { RefState } from './tracked.ts';

/** The open item that a story or issue is linked to. */
export function itemOfRef(world: World, ref: RefState): ItemState | undefined {
  const item = ref.item === null ? undefined : world.get('item', ref.item);
  return item !== undefined && (item.state === 'active' || item.state === 'proposed') ? item : undefined;
}

/** Who hears what a clock says: the holder of the item, its team while nobody holds it, the dev leads without an item. */
function keepers(world: World, ref: RefState): To[] {
  const item = itemOfRef(world, ref);
  if (item === undefined) return teamOf(world, 'dev-lead');
  return item.holder !== null && isKnown(world, item.holder) ? peopleOf([item.holder]) : teamOf(world, item.role, item);
}

export function reactToRef(world: World, { event, after }: Happening<'ref'>, effects: Effects): void {
  const { ref } = after;
  const name = `${ref}${after.title === '' ? '' : ` “${after.title}”`}`;
  switch (event.type) {
    case 'severity-set':
    case 'reopened':
      return startClock(world, after, effects);
    case 'closed':
    case 'became':
      effects.cleared.push(`ref/${ref}/`);
      return;
    case 'took-over':
      return startClock(world, after, effects, true);
    case 'alert-opened':
      // A second alert on an issue that stayed critical is asked about as well.
      if (after.severity === 'critical') askAgain(world, after, effects);
      return;
    case 'severity-kept':
      return tell(
        effects,
        'hint',
        teamOf(world, 'ops'),
        null,
        say`${nameOf(world, event.by)} wanted to lower ${name} to ${event.wanted ?? 'no severity'}. It stays ${bold(after.severity ?? 'without one')}: only OPS, QA, dev leads and circle owners lower one.`,
      );
    case 'severity-reminded':
      return tell(
        effects,
        'sla',
        keepers(world, after),
        after.item,
        say`${name} is ${event.severity} and due ${showInstant(world.organisation, event.due)}.`,
      );
    case 'news-asked': {
      const alert = world.get('alert', event.alert);
      // Nobody is asked at night, which a downtime can make it, nor about what is still held.
      const isDay = isIn(daytimeOf(dayAt(world.organisation, world.now)), world.now);
      if (!isDay || alert?.state === 'held') return askAgain(world, after, effects);
      const acknowledged = alert?.acknowledgedBy == null ? [] : peopleOf([alert.acknowledgedBy]);
      tell(
        effects,
        'sla',
        [...keepers(world, after), ...acknowledged],
        event.alert,
        say`What is new on ${name} (${event.alert})? Say /ack ${event.alert} NOTE.`,
      );
      return askAgain(world, after, effects);
    }
    case 'ref-escalated': {
      const rung = looseRungs(world).find((each) => each.rung === event.rung);
      return tell(
        effects,
        'escalation',
        rung?.to ?? [],
        null,
        say`${name} is escalated by ${event.by === 'system' ? 'Baton' : nameOf(world, event.by)}: ${event.reason}.`,
      );
    }
    default:
  }
}

/** `inherited`: the clock ran before, under another name; what it said by then is not said again. */
function startClock(world: World, ref: RefState, effects: Effects, inherited = false): void {
  effects.cleared.push(`ref/${ref.ref}/`);
  if (ref.severity === null || ref.since === null) return;
  if (ref.severity === 'critical') return askAgain(world, ref, effects);
  const clock = clockOf(world.organisation, ref.severity, ref.since);
  if (clock === undefined) return;
  const run = { ref: ref.ref, since: ref.since, due: clock.due };
  if (!inherited || clock.remind > world.now)
    effects.timers.push({
      key: `ref/${ref.ref}/remind`,
      due: Math.max(clock.remind, world.now),
      run: { do: 'remind-severity', ...run },
    });
  if (!inherited || clock.due > world.now)
    effects.timers.push({ key: `ref/${ref.ref}/breach`, due: clock.due, run: { do: 'breach-severity', ...run } });
}

function askAgain(world: World, ref: RefState, effects: Effects): void {
  if (ref.since === null) return;
  effects.timers.push({
    key: `ref/${ref.ref}/news`,
    due: nextNews(world, ref.since),
    run: { do: 'ask-news', ref: ref.ref, since: ref.since },
  });
}
