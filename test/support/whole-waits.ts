import { showLive } from '../../src/core/live.ts';
import type { Live } from '../../src/core/message.ts';
import { digestOf } from '../../src/shell/live-cards.ts';
import type { Peers } from './whole-peers.ts';
import type { WholeProcess } from './whole-process.ts';

/** Everything that is on its way at this moment, in words; nothing: the world stands still until somebody acts. */
export function whatWaits({ stage }: Peers, bot: WholeProcess, now: number): readonly string[] {
  const { store } = bot.engine;
  const isOn = (platform: string) => bot.connections.states().some((each) => each.platform === platform);
  const unfetched = isOn('telegram') ? stage.telegram.pending().map(() => 'an update of Telegram') : [];
  const undelivered = isOn('slack')
    ? stage.slack.deliveries.filter(({ state }) => state === 'waiting').map(({ kind }) => `${kind} of Slack`)
    : [];
  const undecided = ['telegram', 'slack', 'github', 'circles'].flatMap((source) =>
    store.received(source, 1).map(({ id }) => `${id} of ${source}, received`),
  );
  const unsaid = bot
    .rows('new', 'sending', 'uncertain')
    .filter(({ dueAt, state }) => state === 'sending' || dueAt <= now)
    .map(({ id, kind, address, state, reason }) => `${id} ${kind} at ${address} (${state}, ${reason})`);
  return [...unfetched, ...undelivered, ...undecided, ...unsaid, ...oldCards(bot)];
}

/** Cards that show something else than what is so. */
function oldCards({ engine }: WholeProcess): readonly string[] {
  const world = engine.world();
  return engine.store.openPosts().flatMap(({ live, shown, address }) => {
    const show = showLive(world, live as Live);
    return show === undefined || digestOf(show.text) === shown ? [] : [`a card at ${address}`];
  });
}
