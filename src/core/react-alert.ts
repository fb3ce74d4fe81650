import type { AlertState } from './alert.ts';
import { lapsesAt } from './alerting.ts';
import { dayAt, isIn, MINUTE, showInstant } from './calendar.ts';
import { ACKNOWLEDGE_WITHIN_MINUTES, PAGE_EVERY_MINUTES } from './clocks.ts';
import type { Happening, World } from './draft.ts';
import { type Effects, peopleOf, type Timer, teamOf, tell } from './message.ts';
import { isKnown, nameOf } from './people.ts';
import { bold, buttons, item, lines, say, type Text } from './text.ts';

/** What, where, who reported it, since when, and the last release there: all that somebody who is woken needs. */
function alertCard(world: World, alert: AlertState): Text {
  const owner = alert.item === null ? undefined : world.get('item', alert.item);
  const release = owner?.environments.reduce<(typeof owner.environments)[number] | undefined>(
    (last, each) => (last === undefined || each.at >= last.at ? each : last),
    undefined,
  );
  const where = owner === undefined ? '' : ` on ${owner.key} “${owner.title}”`;
  const last =
    release === undefined
      ? say``
      : say`Last release: ${release.environment}${release.version === null ? '' : ` ${release.version}`}, ${showInstant(world.organisation, release.at)}, by ${nameOf(world, release.by)}.`;
  const choices = buttons(
    { label: 'Acknowledge', command: 'ack', on: alert.key },
    { label: 'Resolve', command: 'resolve', on: alert.key },
  );
  return lines(
    say`${bold(`${alert.key} ${alert.severity}`)}: ${alert.title} (${alert.ref})${where}.`,
    say`Reported by ${nameOf(world, alert.reporter)}, ${showInstant(world.organisation, alert.raisedAt)}.`,
    last,
    [choices],
  );
}

export function reactToAlert(world: World, { event, after }: Happening<'alert'>, effects: Effects): void {
  const { key } = after;
  const timer = (name: string, due: number, run: Timer['run']) =>
    effects.timers.push({ key: `alert/${key}/${name}`, due, run });
  switch (event.type) {
    case 'raised':
      return;
    case 'held':
      timer('deliver', event.until, { do: 'deliver-alert', key });
      // Who says /alert reads it in the answer; who set a label elsewhere would not know.
      if (isKnown(world, after.reporter) && world.actor !== after.reporter)
        tell(
          effects,
          'hint',
          peopleOf([after.reporter]),
          key,
          say`${item(key)} (${after.title}) is held until ${showInstant(world.organisation, event.until)}; then OPS gets it.`,
        );
      return;
    case 'delivered':
      effects.cleared.push(`alert/${key}/deliver`, `alert/${key}/page`);
      if (event.to === 'ops')
        tell(effects, event.held ? 'held-alert' : 'task', teamOf(world, 'ops'), key, alertCard(world, after));
      if (after.severity === 'critical' && !after.escalated && after.deliveredAt === world.now)
        timer('unacknowledged', world.now + ACKNOWLEDGE_WITHIN_MINUTES * MINUTE, { do: 'say-unacknowledged', key });
      pageAfterHours(world, after, effects);
      return;
    case 'paged':
      tell(effects, 'page', peopleOf(event.people), key, alertCard(world, after));
      timer('page', world.now + PAGE_EVERY_MINUTES * MINUTE, { do: 'page-again', key });
      return;
    case 'ladder-paused':
      if (event.until !== null) timer('deliver', event.until, { do: 'deliver-alert', key });
      return;
    case 'severity-changed':
      if (event.severity !== 'critical') effects.cleared.push(`alert/${key}/page`, `alert/${key}/unacknowledged`);
      return;
    case 'acknowledged':
      effects.cleared.push(`alert/${key}/`);
      timer('lapse', lapsesAt(world, world.now), { do: 'lapse', key, since: world.now });
      return;
    case 'news':
      timer('lapse', lapsesAt(world, world.now), { do: 'lapse', key, since: world.now });
      return;
    case 'lapsed':
      return tell(
        effects,
        'hint',
        peopleOf([event.by]),
        key,
        say`There was no news on ${item(key)} for two hours; OPS is alerted again. Say ${bold(`/ack ${key} NOTE`)} with what you know.`,
      );
    case 'unacknowledged': {
      const text = lines(
        say`Nobody acknowledged this for ${ACKNOWLEDGE_WITHIN_MINUTES} minutes:`,
        alertCard(world, after),
      );
      return tell(effects, 'escalation', peopleOf(event.people), key, text);
    }
    case 'alert-resolved':
      effects.cleared.push(`alert/${key}/`);
      return;
    default:
      return event satisfies never;
  }
}

/** Inside OPS's hours nobody is paged; what is critical and still nobody's when they end pages whoever watches then. */
function pageAfterHours(world: World, alert: AlertState, effects: Effects): void {
  const { ops } = dayAt(world.organisation, world.now);
  if (alert.severity !== 'critical' || ops === undefined || !isIn(ops, world.now)) return;
  effects.timers.push({ key: `alert/${alert.key}/page`, due: ops.until, run: { do: 'page-again', key: alert.key } });
}
