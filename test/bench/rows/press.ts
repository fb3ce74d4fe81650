import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createSlackPeer } from '../../peers/slack/peer.ts';
import { createTelegramPeer } from '../../peers/telegram/peer.ts';
import { organisationOf } from '../../properties/engine.ts';
import { type Child, startChild } from '../chats/child.ts';
import { SECRET } from '../chats/workload.ts';
import { type Bench, inFolder, median, quantile, ROUNDS, type Row } from '../harness.ts';
import { openOffice, START } from '../workload.ts';

/**
 * H5: from a press to the changed card, one at a time. Each owner of an item has an announcement to sign, in private: a card
 * that nothing else changes. What the peer itself takes is measured with a bot that changes the message and does nothing else.
 */

type Platform = 'telegram' | 'slack';
const OWNERS = 40;
const LABEL = 'Approve';
/** So that no press waits for the limits, which are not what is measured. */
const APART = 90;

const numbers = Array.from({ length: OWNERS * ROUNDS }, (_, n) => n);
const people = {
  telegram: numbers.map((n) => ({ id: `telegram-${n + 1}`, roles: ['bizdev'], telegram: 60_001 + n })),
  slack: numbers.map((n) => ({ id: `slack-${n + 1}`, roles: ['bizdev'], slack: `U2OWNER${n}` })),
};
const file = {
  organisation: 'Presses',
  timezone: 'Europe/Brussels',
  people: [
    { id: 'holder', roles: ['stakeholder'] },
    { id: 'planner', roles: ['architect'] },
    ...people.telegram,
    ...people.slack,
  ],
};

/** Presses as one person on one platform; resolves to the milliseconds until the card has changed. */
type Press = (n: number) => Promise<number>;
interface Pair {
  readonly ours: Press;
  readonly bare: Press;
  /** Resolves when everyone of ours has a card. */
  ready(): Promise<unknown>;
}

async function timed(press: () => void, changed: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  press();
  await changed();
  return performance.now() - started;
}

/** Items and no announcement yet: nothing was said on a platform. */
async function fill(path: string): Promise<void> {
  const office = await openOffice(path, organisationOf(file));
  for (const { id } of [...people.telegram, ...people.slack])
    await office.say(id, `/propose service The work of ${id}`);
  const { store } = office.engine;
  for (let rows = await store.claim(START * 2, 500); rows.length > 0; rows = await store.claim(START * 2, 500))
    await Promise.all(rows.map(({ id }) => store.mark(id, 'sent')));
  await office.close();
}

type TelegramPeer = Awaited<ReturnType<typeof createTelegramPeer>>;
type SlackPeer = Awaited<ReturnType<typeof createSlackPeer>>;

async function callTelegram(peer: TelegramPeer, method: string, body: object): Promise<void> {
  const answer = await fetch(`${peer.root}/bot${peer.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method}: ${await answer.text()}`);
}

async function onTelegram(peer: TelegramPeer, barePeer: TelegramPeer, bare: Child): Promise<Pair> {
  const join = (at: TelegramPeer) =>
    people.telegram.map(({ id, telegram }) => {
      const user = at.user({ id: telegram, first_name: id });
      user.start();
      return user;
    });
  const [own, other] = [join(peer), join(barePeer)];
  await callTelegram(barePeer, 'setWebhook', { url: bare.address });
  for (const user of other)
    await callTelegram(barePeer, 'sendMessage', {
      chat_id: user.id,
      text: 'Signed by nobody yet.',
      reply_markup: { inline_keyboard: [[{ text: LABEL, callback_data: 'approve' }]] },
    });
  const cardOf = (at: TelegramPeer, user: (typeof own)[number] | undefined) =>
    user && at.fromBot(user.private).find(({ keyboard }) => keyboard.flat().some(({ text }) => text === LABEL));
  const press = async (at: TelegramPeer, user: (typeof own)[number] | undefined): Promise<number> => {
    const card = cardOf(at, user);
    if (card === undefined || user === undefined) throw new Error('there is no card to press on');
    const state: { update?: ReturnType<typeof user.press> } = {};
    const time = await timed(
      () => {
        state.update = user.press(card, LABEL);
      },
      () => at.waitFor(() => at.edits(card).length > 1),
    );
    const { update } = state;
    await at.waitFor(() => update !== undefined && at.answersTo(update).length > 0);
    return time;
  };
  return {
    ours: (n) => press(peer, own[n]),
    bare: (n) => press(barePeer, other[n]),
    ready: () => peer.waitFor(() => own.every((user) => cardOf(peer, user) !== undefined), 120_000),
  };
}

async function onSlack(peer: SlackPeer, barePeer: SlackPeer, bare: Child): Promise<Pair> {
  const join = (at: SlackPeer) => people.slack.map(({ id, slack }) => at.user({ id: slack, name: id }));
  const [own, other] = [join(peer), join(barePeer)];
  await barePeer.deliverTo(bare.address, { verify: false });
  for (const user of other) {
    const blocks = [
      { type: 'section', text: { type: 'mrkdwn', text: 'Signed by nobody yet.' } },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'a', text: { type: 'plain_text', text: LABEL }, value: 'approve' }],
      },
    ];
    await fetch(`${barePeer.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${barePeer.botToken}` },
      body: JSON.stringify({ channel: user.direct, text: 'Signed by nobody yet.', blocks }),
    });
  }
  const cardOf = (at: SlackPeer, user: (typeof own)[number] | undefined) =>
    user && at.messages(user.direct).find((message) => at.buttons(message).includes(LABEL));
  const press = async (at: SlackPeer, user: (typeof own)[number] | undefined): Promise<number> => {
    const card = cardOf(at, user);
    if (card === undefined || user === undefined) throw new Error('there is no card to press on');
    const state: { outcome?: ReturnType<typeof user.press> } = {};
    const time = await timed(
      () => {
        state.outcome = user.press(card, LABEL);
      },
      () => at.waitFor(() => at.edits(card) > 0),
    );
    const outcome = await state.outcome;
    if (outcome?.error !== undefined) throw new Error(`the press was not taken: ${outcome.error}`);
    return time;
  };
  return {
    ours: (n) => press(peer, own[n]),
    bare: (n) => press(barePeer, other[n]),
    ready: () => peer.waitFor(() => own.every((user) => cardOf(peer, user) !== undefined), 120_000),
  };
}

interface Times {
  readonly ours: number[];
  readonly bare: number[];
}

/** Both platforms and both bots in turns, one press at a time. */
async function pressAll(pairs: Readonly<Record<Platform, Pair>>): Promise<Record<Platform, Times[]>> {
  const rounds: Record<Platform, Times[]> = { telegram: [], slack: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = { telegram: { ours: [], bare: [] } as Times, slack: { ours: [], bare: [] } as Times };
    for (let n = 0; n < OWNERS; n += 1)
      for (const platform of ['telegram', 'slack'] as const) {
        const pair = pairs[platform];
        times[platform].bare.push(await pair.bare(round * OWNERS + n));
        times[platform].ours.push(await pair.ours(round * OWNERS + n));
        await new Promise((resolve) => setTimeout(resolve, APART));
      }
    for (const platform of ['telegram', 'slack'] as const) rounds[platform].push(times[platform]);
  }
  return rounds;
}

function rowsOf(platform: Platform, rounds: readonly Times[]): Row[] {
  const name = platform === 'telegram' ? 'Telegram' : 'Slack';
  const beyond = rounds.map(({ ours, bare }) => median(ours) - median(bare));
  const ours = rounds.flatMap((times) => times.ours);
  const bare = rounds.flatMap((times) => times.bare);
  const tail = quantile(ours, 0.99) - quantile(bare, 0.5);
  const show = (value: number) => value.toFixed(1);
  return [
    {
      id: platform === 'telegram' ? 'H5' : 'H5-slack',
      what: `from a press to the changed card on ${name}’s peer, one in flight, beyond what the peer takes with a bot that only edits: p50`,
      goal: '≤ 10 ms',
      measured: `${show(median(beyond))} (${show(Math.min(...beyond))}–${show(Math.max(...beyond))}) ms: ${show(median(ours))} beside ${show(median(bare))} ms`,
      met: median(beyond) <= 10,
    },
    {
      id: platform === 'telegram' ? 'H5-p99' : 'H5-slack-p99',
      what: `the same, p99 of ${ours.length} presses, beyond the peer’s p50`,
      goal: '≤ 50 ms',
      measured: `${show(tail)} ms; the slowest ${show(Math.max(...ours))} ms`,
      met: tail <= 50,
    },
  ];
}

export const press: Bench = {
  name: 'H5',
  run: () =>
    inFolder(async (folder) => {
      const path = join(folder, 'presses.db');
      await fill(path);
      const [telegram, slack] = [await createTelegramPeer(), await createSlackPeer({ signingSecret: SECRET })];
      const bare = { telegram: await createTelegramPeer(), slack: await createSlackPeer() };
      const echoes = {
        telegram: await startChild({ side: 'echo', platform: 'telegram', api: `${bare.telegram.root}/bot${bare.telegram.token}/`, token: '' }),
        slack: await startChild({ side: 'echo', platform: 'slack', api: bare.slack.apiUrl, token: bare.slack.botToken }),
      }; // biome-ignore format: a table
      const onBoth = {
        telegram: await onTelegram(telegram, bare.telegram, echoes.telegram),
        slack: await onSlack(slack, bare.slack, echoes.slack),
      };
      const baton = await startChild({
        side: 'baton',
        path,
        file,
        at: START + 3_600_000,
        since: Date.now(),
        telegram: { token: telegram.token, root: telegram.root, secret: SECRET },
        slack: { token: slack.botToken, apiUrl: slack.apiUrl, secret: SECRET },
      });
      try {
        await slack.deliverTo(`${baton.address}/slack/events`);
        for (const [n, { id }] of [...people.telegram, ...people.slack].entries())
          await baton.say(id, `/announce SVC-${n + 1} The work of ${id} is done`);
        await Promise.all([onBoth.telegram.ready(), onBoth.slack.ready()]);
        // The chats are quiet for as long as a card may have to wait.
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        const rounds = await pressAll(onBoth);
        return [...rowsOf('telegram', rounds.telegram), ...rowsOf('slack', rounds.slack)];
      } finally {
        await Promise.all([baton, echoes.telegram, echoes.slack].map((child) => child.stop()));
        await Promise.all([telegram.close(), bare.telegram.close(), slack.stop(), bare.slack.stop()]);
      }
    }),
};
