import { announcementCard, voteCard, voteLine } from '../core/cards.ts';
import type { World } from '../core/draft.ts';
import type { ItemState } from '../core/item.ts';
import { nameOf } from '../core/people.ts';
import { type Events, evolve } from '../core/streams.ts';
import { type Text, toPlain } from '../core/text.ts';
import type { Vote } from '../core/vote.ts';
import type { MessageBody } from '../shell/commit.ts';
import type { OutboxRow } from '../store/port.ts';

/** A message as it is to be read now: a card follows what it is about, and buttons that have had their time are gone. */
export interface Card {
  readonly nodes: Text;
  /** Why its buttons are gone, in a few words. */
  readonly over?: string;
  /** Where it is a vote that can be followed: its present state. */
  readonly vote?: Vote;
}

/** The card of a message, from the present state. */
export function presentCard(world: World, row: OutboxRow): Card {
  const { nodes } = row.body as MessageBody;
  const key = row.key ?? '';
  if (row.kind === 'vote-opened') return ballotCard(world, key, row.at, nodes) ?? { nodes };
  const over = hasButtons(nodes) ? whyOver(world, row, key) : undefined;
  return over === undefined ? { nodes } : { nodes: withoutButtons(nodes), over };
}

/** An answer that shows a vote follows it as well; its buttons stay on the card itself. */
export function presentAnswer(world: World, code: string, key: string | undefined, nodes: Text): Card {
  if (key === undefined || !['voted', 'signed', 'drafted'].includes(code)) return { nodes };
  const card = ballotCard(world, key, undefined, nodes) ?? { nodes };
  return { ...card, nodes: withoutButtons(card.nodes) };
}

const withoutButtons = (nodes: Text): Text =>
  nodes.filter((node) => typeof node === 'string' || node.node !== 'buttons');
const hasButtons = (nodes: Text): boolean =>
  nodes.some((node) => typeof node !== 'string' && node.node === 'buttons' && node.buttons.length > 0);
const firstLine = (text: Text): string => toPlain(text).split('\n')[0] ?? '';

function ballotCard(world: World, key: string, at: number | undefined, nodes: Text): Card | undefined {
  const announcement = world.get('announcement', key);
  if (announcement !== undefined) {
    const card = announcementCard(world, announcement);
    const isSame = firstLine(card) === firstLine(nodes);
    if (isSame && announcement.state === 'drafted') return { nodes: card, vote: announcement.vote };
    const over = isSame ? announcement.state : 'edited since';
    return { nodes: withoutButtons(isSame ? card : nodes), over, ...(isSame ? { vote: announcement.vote } : {}) };
  }
  const item = world.get('item', key);
  if (item === undefined) return undefined;
  const found = findVote(world, item, at, nodes);
  if (found === undefined) return undefined;
  const { vote } = found;
  const card = voteCard(world, item, vote);
  return vote.result === null && found.isLive
    ? { nodes: card, vote }
    : { nodes: withoutResult(withoutButtons(card), vote), over: vote.result ?? 'void', vote };
}

/** The result stands below the card, in its colour. */
const withoutResult = (nodes: Text, { result }: Vote): Text => nodes.filter((node) => node !== ` ${result}.`);

/** The vote that a card was about; one whose step is over is found by folding the item's history up to its end. */
function findVote(
  world: World,
  item: ItemState,
  at: number | undefined,
  nodes: Text,
): { vote: Vote; isLive: boolean } | undefined {
  const line = firstLine(nodes);
  const matches = (vote: Vote): boolean =>
    (at === undefined || vote.openedAt === at) && firstLine(voteLine(item, vote)) === line;
  const live = item.votes.findLast(matches);
  if (live !== undefined) return { vote: live, isLive: true };
  let state: ItemState | undefined;
  let last: Vote | undefined;
  for (const event of world.history('item', item.key)) {
    const happened = { type: event.type, ...(event.data as object) } as Events['item'];
    state = evolve('item', state, happened, { ...event, unseen: true });
    last = state.votes.findLast(matches) ?? last;
  }
  return last === undefined ? undefined : { vote: last, isLive: false };
}

/** Why the buttons of a message have had their time; undefined while they stand. */
function whyOver(world: World, row: OutboxRow, key: string): string | undefined {
  const alert = world.get('alert', key);
  if (alert !== undefined) {
    if (alert.state === 'resolved') return 'resolved';
    return alert.state === 'acknowledged' && alert.acknowledgedBy !== null
      ? `taken by ${nameOf(world, alert.acknowledgedBy)}`
      : undefined;
  }
  const item = world.get('item', key);
  if (item === undefined) return undefined;
  const isOver = item.state !== 'active' && item.state !== 'proposed';
  switch (row.kind) {
    case 'offer':
      if (item.offer !== null && item.offer.at <= row.at) return undefined;
      return item.offer === null && item.holder !== null && item.holderSince >= row.at && item.stepSince <= row.at
        ? `taken by ${nameOf(world, item.holder)}`
        : 'it has moved on';
    case 'request':
      return item.request === null && hasRelease(row) ? 'done, or no longer wanted' : undefined;
    case 'vote-reminder': {
      const to = 'person' in row.to ? row.to.person : '';
      return item.votes.some((vote) => vote.result === null && vote.ballots[to] === undefined)
        ? undefined
        : 'your vote is in, or the vote is over';
    }
    default:
      return isOver ? item.state : undefined;
  }
}

const hasRelease = (row: OutboxRow): boolean =>
  (row.body as MessageBody).nodes.some(
    (node) =>
      typeof node !== 'string' && node.node === 'buttons' && node.buttons.some((each) => each.command === 'release'),
  );
