import { join } from 'node:path';
import { type Child, startChild } from '../chats/child.ts';
import { beside, CONNECTIONS, type Turns, takeTurns } from '../chats/turns.ts';
import {
  clockFrom,
  createSlackOf,
  createTelegramOf,
  createWords,
  file,
  fillFor,
  SECRET,
  slashOf,
  updateOf,
} from '../chats/workload.ts';
import { type Bench, type Compared, inFolder, type Row, showBoth, showRatio } from '../harness.ts';
import { slowDiskLibrary, slowDiskOf } from './slow-disk.ts';

/** H1 to H4: what comes in on a chat, from its request to its acknowledgement, beside the platforms' own libraries. */

const TURNS = 32;

async function overSlack(folder: string): Promise<{ turns: Turns; weight: string }> {
  const path = join(folder, 'slack.db');
  const words = createWords(await fillFor(path));
  const peer = await createSlackOf();
  const slack = { token: peer.botToken, apiUrl: peer.apiUrl, secret: SECRET };
  const children: Child[] = [];
  try {
    const baton = await startChild({ side: 'baton', path, file, ...clockFrom(Date.now()), slack });
    const bare = await startChild({ side: 'bolt', secret: SECRET });
    const naive = await startChild({ side: 'bolt', secret: SECRET, path: join(folder, 'bolt.db') });
    children.push(baton, bare, naive);
    const before = await baton.figures();
    const theirs = (hand: number) => slashOf(hand, '/status');
    const turns = await takeTurns(
      [
        { name: 'baton', child: baton, next: (hand) => slashOf(hand, words(hand)) },
        { name: 'bare', child: bare, next: theirs },
        { name: 'naive', child: naive, next: theirs },
      ],
      '/slack/events',
      TURNS,
    );
    baton.hold(false);
    const after = await baton.figures();
    const handled = after.handled - before.handled;
    const each = (name: 'events' | 'messages') => ((after[name] - before[name]) / handled).toFixed(1);
    return { turns, weight: `${each('events')} events and ${each('messages')} messages a command` };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await peer.stop();
  }
}

async function overTelegram(folder: string, environment: NodeJS.ProcessEnv = {}): Promise<Turns> {
  const path = join(folder, 'telegram.db');
  const words = createWords(await fillFor(path));
  const peer = await createTelegramOf();
  const telegram = { token: peer.token, root: peer.root, secret: SECRET };
  const children: Child[] = [];
  try {
    const baton = await startChild({ side: 'baton', path, file, ...clockFrom(Date.now()), telegram }, environment);
    const grammy = { side: 'grammy', token: peer.token, secret: SECRET, path: join(folder, 'grammy.db') } as const;
    const naive = await startChild(grammy, environment);
    children.push(baton, naive);
    // Everyone's Start was waiting for the bot.
    await peer.waitFor(() => peer.pending().length === 0, 60_000);
    return await takeTurns(
      [
        { name: 'baton', child: baton, next: (hand) => updateOf(hand, words(hand)) },
        { name: 'naive', child: naive, next: (hand) => updateOf(hand, '/status of everything that I carry') },
      ],
      '/webhooks/telegram',
      TURNS,
    );
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await peer.close();
  }
}

export const slackLoad: Bench = {
  name: 'H1',
  run: () =>
    inFolder(async (folder) => {
      const { turns, weight } = await overSlack(folder);
      const bare = beside(turns, 'baton', 'bare', 'rate');
      const naive = beside(turns, 'baton', 'naive', 'rate');
      const cpu = beside(turns, 'baton', 'bare', 'cpu');
      const what = `Slack slash command over signed HTTP, on disk before its acknowledgement, ${CONNECTIONS} connections`;
      return [
        row('H1', `${what}, beside bare Bolt that stores nothing`, '≥ 1.0×', bare, 'requests/s', bare.median >= 1, weight),
        row('H1-naive', 'the same beside Bolt with a commit per request', '≥ 2.8×', naive, 'requests/s', naive.median >= 2.8),
        row('H2', 'the processor of the server for that command, carried to its end, beside bare Bolt’s', '≤ 1.3×', cpu, 'µs', cpu.median <= 1.3),
      ]; // biome-ignore format: a table
    }),
};

export const telegramLoad: Bench = {
  name: 'H3',
  run: () =>
    inFolder(async (folder) => {
      const turns = await overTelegram(folder);
      const rate = beside(turns, 'baton', 'naive', 'rate');
      const p99 = beside(turns, 'baton', 'naive', 'p99');
      const ended = beside(turns, 'baton', 'naive', 'ended');
      const what = `Telegram webhook, on disk before its acknowledgement, ${CONNECTIONS} connections, beside grammY with a commit per request`;
      return [
        row('H3', what, '≥ 2.8×', rate, 'updates/s', rate.median >= 2.8),
        row('H3-p99', 'the same, p99', '≤ 0.7×', p99, 'ms', p99.median <= 0.7),
        row('H3-ended', 'the same, counted until the last command is decided and on disk', 'none', ended, 'commands and updates/s', undefined),
      ]; // biome-ignore format: a table
    }),
};

export const slowTelegram: Bench = {
  name: 'H4',
  run: () =>
    inFolder(async (folder) => {
      const what = 'the same with 1 ms per fsync, p99';
      const library = slowDiskLibrary(folder);
      if (library === undefined)
        return [{ id: 'H4', what, goal: '≤ 0.05×', measured: 'not measured: no gcc here', met: undefined }];
      const turns = await overTelegram(folder, slowDiskOf(library, 1));
      const p99 = beside(turns, 'baton', 'naive', 'p99');
      const rate = beside(turns, 'baton', 'naive', 'rate');
      return [
        row('H4', what, '≤ 0.05×', p99, 'ms', p99.median <= 0.05),
        row('H4-rate', 'the same, requests a second', 'none', rate, 'updates/s', undefined),
      ];
    }),
};

function row(
  id: string,
  what: string,
  goal: string,
  compared: Compared,
  unit: string,
  met: boolean | undefined,
  more = '',
): Row {
  const measured = `${showRatio(compared)}: ${showBoth(compared, unit)}${more === '' ? '' : `; ${more}`}`;
  return { id, what, goal, measured, met };
}
