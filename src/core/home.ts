import { openTo } from './ballots.ts';
import { ballotButtons } from './cards.ts';
import type { Catalogue } from './command.ts';
import { decide } from './decide.ts';
import type { World } from './draft.ts';
import { isKnown } from './people.ts';
import { buttons, item as itemNode, lines, list, say, type Text } from './text.ts';
import { waitingFor } from './views.ts';
import { VOTE_ON } from './words.ts';

/** What a person's home page on a platform shows: what waits for them, with its buttons, and how everything stands. */

export interface HomeSection {
  readonly title: string;
  readonly nodes: Text;
}

export function homeOf(world: World, catalogue: Catalogue, person: string): readonly HomeSection[] {
  if (!isKnown(world, person)) return [];
  const ask = (text: string): Text =>
    decide(world, catalogue, { as: person, via: 'web', place: null, text, pressed: false }).outcome.text;
  return [
    { title: 'Waiting for you', nodes: waiting(world, person) },
    { title: 'On call', nodes: ask('/oncall') },
    { title: 'Releases', nodes: firstLine(ask('/freeze')) },
    { title: 'The board', nodes: ask('/board') },
  ];
}

function firstLine(text: Text): Text {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

function waiting(world: World, person: string): Text {
  const { held, offered } = waitingFor(world, person);
  const section = (title: string, rows: readonly Text[]): Text =>
    rows.length === 0 ? [] : say`${title}:${list(rows)}`;
  const text = lines(
    section('Alerts', alerts(world, person)),
    section(
      'You hold',
      held.map(
        (item) =>
          say`${itemNode(item.key, item.title)} at ${item.step}${buttons(button('What next', 'why', item.key))}`,
      ),
    ),
    section(
      'Offered to your team',
      offered.map(
        (item) =>
          say`${itemNode(item.key, item.title)} at ${item.step} (${item.role})${buttons(button('Accept', 'accept', item.key))}`,
      ),
    ),
    section('To vote on', votes(world, person)),
  );
  return text.length === 0 ? say`Nothing waits for you.` : text;
}

const button = (label: string, command: string, on: string) => ({ label, command, on });

function alerts(world: World, person: string): Text[] {
  return waitingFor(world, person).alertStates.map(({ key, severity, title, state }) => {
    const take = state === 'open' ? [button('Acknowledge', 'ack', key)] : [];
    return say`${key} ${severity}: ${title} (${state})${buttons(...take, button('Resolve', 'resolve', key))}`;
  });
}

/** What this person has not voted on yet. Where one item has several votes, each is meant by its own name. */
function votes(world: World, person: string): Text[] {
  const open = openTo(world, person).filter(({ vote }) => vote.ballots[person] === undefined);
  return open.map((each) => {
    if (each.sort === 'announcement') {
      const { key, item } = each.announcement;
      const [approve, reject] = ballotButtons(key);
      return say`${key} on ${item}${buttons(...[approve, reject].flatMap((choice) => choice ?? []))}`;
    }
    const { item, vote } = each;
    const isOnly = open.filter((other) => other.sort === 'item' && other.item.key === item.key).length === 1;
    return say`${itemNode(item.key, item.title)} (${VOTE_ON[vote.subject]})${buttons(...ballotButtons(isOnly ? item.key : vote.id))}`;
  });
}
