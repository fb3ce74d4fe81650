import type { AlertState } from './alert.ts';
import { alertCard, unacknowledgedCard } from './alert-card.ts';
import { lapsesAt, opsOr, watchersOf } from './alerting.ts';
import { dayAt, isIn, MINUTE, showInstant } from './calendar.ts';
import { ACKNOWLEDGE_WITHIN_MINUTES, PAGE_EVERY_MINUTES } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { type Effects, peopleOf, type Timer, type To, tell } from './message.ts';
import { isKnown } from './people.ts';
import { bold, item, lines, say } from './text.ts';

export function reactToAlert(world: World, { event, after }: Happening<'alert'>, effects: Effects): void {
  const { key } = after;
  const live = { of: 'alert', on: key, unacknowledged: false } as const;
  const timer = (name: string, due: number, run: Timer['run']) =>
    effects.timers.push({ key: `alert/${key}/${name}`, due, run });
  switch (event.type) {
    case 'raised':
    case 'issue-renamed':
      return;
    case 'held':
      timer('deliver', event.until, { do: 'deliver-alert', key });
      return sayHeld(world, after, event.until, effects);
    case 'delivered':
      effects.cleared.push(`alert/${key}/deliver`, `alert/${key}/page`);
      if (event.to === 'ops')
        tell(effects, event.held ? 'held-alert' : 'task', watchersOf(world), key, alertCard(world, after), live);
      if (after.severity === 'critical' && !after.escalated && after.deliveredAt === world.now)
        timer('unacknowledged', world.now + ACKNOWLEDGE_WITHIN_MINUTES * MINUTE, { do: 'say-unacknowledged', key });
      pageAfterHours(world, after, effects);
      return;
    case 'paged':
      tell(effects, 'page', pagedOf(world, event.people), key, alertCard(world, after), live);
      timer('page', world.now + PAGE_EVERY_MINUTES * MINUTE, { do: 'page-again', key });
      return;
    case 'page-refused':
      return tell(effects, 'page', peopleOf(event.people), key, alertCard(world, after), live);
    case 'nobody-reached':
      return tell(
        effects,
        'escalation',
        [...watchersOf(world), ...peopleOf(event.people)],
        key,
        lines(say`No page about this got through to anybody:`, alertCard(world, after)),
      );
    case 'ladder-paused':
      if (event.until !== null) timer('deliver', event.until, { do: 'deliver-alert', key });
      return;
    case 'severity-changed':
      if (event.anew === true) effects.cleared.push(`alert/${key}/`);
      else if (event.severity !== 'critical') effects.cleared.push(`alert/${key}/page`, `alert/${key}/unacknowledged`);
      return;
    case 'acknowledged':
    case 'news':
      if (event.type === 'acknowledged') effects.cleared.push(`alert/${key}/`);
      timer('lapse', lapsesAt(world, world.now), { do: 'lapse', key, since: world.now });
      return;
    case 'lapsed':
      return tell(
        effects,
        'hint',
        peopleOf([event.by]),
        key,
        say`There was no news on ${item(key)} for two hours; ${opsOr(world, 'is alerted', 'again')}. Say ${bold(`/ack ${key} NOTE`)} with what you know.`,
      );
    case 'unacknowledged':
      return tell(effects, 'escalation', peopleOf(event.people), key, unacknowledgedCard(world, after), {
        ...live,
        unacknowledged: true,
      });
    case 'alert-resolved':
      effects.cleared.push(`alert/${key}/`);
      return;
    default:
      return event satisfies never;
  }
}

/** Who says /alert reads it in the answer; who set a label elsewhere would not know. */
function sayHeld(world: World, { key, title, reporter }: AlertState, until: number, effects: Effects): void {
  if (!isKnown(world, reporter) || world.actor === reporter) return;
  const text = say`${item(key)} (${title}) is held until ${showInstant(world.organisation, until)}; then ${opsOr(world, 'gets it')}.`;
  tell(effects, 'hint', peopleOf([reporter]), key, text);
}

/** With nobody to page there may still be a chat. */
const pagedOf = (world: World, people: readonly string[]): readonly To[] =>
  people.length > 0 ? peopleOf(people) : watchersOf(world);

/** Inside OPS's hours nobody is paged; what is critical and still nobody's when they end pages whoever watches then. */
function pageAfterHours(world: World, alert: AlertState, effects: Effects): void {
  const { ops } = dayAt(world.organisation, world.now);
  if (alert.severity !== 'critical' || ops === undefined || !isIn(ops, world.now)) return;
  effects.timers.push({ key: `alert/${alert.key}/page`, due: ops.until, run: { do: 'page-again', key: alert.key } });
}
