import type { AlertState } from './alert.ts';
import { opsOr } from './alerting.ts';
import { showInstant } from './calendar.ts';
import { ACKNOWLEDGE_WITHIN_MINUTES } from './clocks.ts';
import type { World } from './draft.ts';
import { nameOf } from './people.ts';
import { type Button, bold, buttons, lines, say, type Text } from './text.ts';

/** The card of an alert: what, where, who reported it, since when, and the last release there. */

const acknowledge = (on: string): Button => ({ label: 'Acknowledge', command: 'ack', on });
const resolve = (on: string): Button => ({ label: 'Resolve', command: 'resolve', on });

function facts(world: World, alert: AlertState): Text {
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
  return lines(
    say`${bold(`${alert.key} ${alert.severity}`)}: ${alert.title} (${alert.ref})${where}.`,
    say`Reported by ${nameOf(world, alert.reporter)}, ${showInstant(world.organisation, alert.raisedAt)}.`,
    last,
  );
}

/** Who has it, what was said last, how it ended. Nothing while it is simply open. */
function standing(world: World, { state, acknowledgedBy, heldUntil, newsAt, note, resolved }: AlertState): Text {
  const show = (at: number) => showInstant(world.organisation, at);
  const words = note === null ? '' : `: ${note}`;
  switch (state) {
    case 'open':
      return [];
    case 'held':
      return heldUntil === null
        ? say`It is held.`
        : say`It is held until ${show(heldUntil)}; then ${opsOr(world, 'gets it')}.`;
    case 'acknowledged':
      return say`${bold(`Acknowledged by ${nameOf(world, acknowledgedBy ?? '')}`)}. Last news ${show(newsAt ?? 0)}${words}`;
    case 'resolved':
      return say`${bold(`Resolved by ${resolved?.by === 'system' ? 'Baton' : nameOf(world, resolved?.by ?? '')}`)}, ${show(resolved?.at ?? 0)}${words}`;
    default:
      return state satisfies never;
  }
}

/** The card with the buttons that still make sense: nobody acknowledges what somebody has, or touches what is over. */
export function alertCard(world: World, alert: AlertState): Text {
  const { key, state } = alert;
  const choices =
    state === 'resolved' ? [] : state === 'acknowledged' ? [resolve(key)] : [acknowledge(key), resolve(key)];
  const card = lines(facts(world, alert), standing(world, alert));
  return choices.length === 0 ? card : lines(card, [buttons(...choices)]);
}

/** The card for those who hear of it because nobody took it. */
export const unacknowledgedCard = (world: World, alert: AlertState): Text =>
  lines(say`Nobody acknowledged this for ${ACKNOWLEDGE_WITHIN_MINUTES} minutes:`, alertCard(world, alert));
