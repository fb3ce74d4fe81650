import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createSlackPeer } from '../../peers/slack/peer.ts';
import { createTelegramPeer } from '../../peers/telegram/peer.ts';
import { startChild } from '../chats/child.ts';
import { type Bench, inFolder, median } from '../harness.ts';
import { START } from '../workload.ts';

/** H6: everyone presses within one second, half of them on each platform; two cards say in the end what all have said. */

const HALF = 150;
const GROUP = -1_001;
const CHANNEL = 'C0VOTE';
const ROUNDS = 3;
const numbers = Array.from({ length: HALF }, (_, n) => n);
const onTelegram = numbers.map((n) => ({ id: `t${n + 1}`, roles: ['stakeholder'], telegram: 70_001 + n }));
const onSlack = numbers.map((n) => ({ id: `s${n + 1}`, roles: ['stakeholder'], slack: `U3VOTER${n}` }));
/** They say nothing, so that the vote stays open to the last ballot: there is no majority, and there may be one yet. */
const silent = Array.from({ length: 20 }, (_, n) => ({ id: `x${n + 1}`, roles: ['stakeholder'] }));
const file = {
  organisation: 'Votes',
  timezone: 'Europe/Brussels',
  people: [{ id: 'maker', roles: ['bizdev'] }, ...onTelegram, ...onSlack, ...silent],
  chats: [{ name: 'stakeholders', team: 'stakeholder', telegram: GROUP, slack: CHANNEL }],
};
/** How much longer than the one second of the presses it is waited for what must come. */
const PATIENCE = 60_000;

interface Figures {
  /** Ballots that the cards show in the end, each by a name. */
  readonly counted: readonly number[];
  /** Milliseconds from the last press to the card that shows them all, on each platform. */
  readonly lastEdit: readonly number[];
  readonly edits: readonly number[];
  /** Presses that were answered, and how long after the last press the last of them was. */
  readonly answered: number;
  readonly lastAnswer: number;
  readonly handled: number;
  readonly breaches: readonly string[];
}

/** How many of those who press are no longer missing on the card, which names everyone who is. */
function countedOn(text: string): number {
  const missing = /Missing:([^.]*)/.exec(text)?.[1];
  return missing === undefined ? 0 : 2 * HALF - (missing.match(/\b[ts]\d+\b/g)?.length ?? 0);
}
const isComplete = (text: string): boolean => countedOn(text) === 2 * HALF;

async function voteOnce(folder: string): Promise<Figures> {
  const [telegram, slack] = [await createTelegramPeer(), await createSlackPeer()];
  const users = onTelegram.map(({ id, telegram: number }) => telegram.user({ id: number, first_name: id }));
  const members = onSlack.map(({ id, slack: user }) => slack.user({ id: user, name: id }));
  const group = telegram.group({ id: GROUP, title: 'Stakeholders', members: users, bot: 'member' });
  slack.channel({ id: CHANNEL, name: 'stakeholders', members: onSlack.map((person) => person.slack) });
  const baton = await startChild({
    side: 'baton',
    path: join(folder, 'votes.db'),
    file,
    at: START,
    since: Date.now(),
    telegram: { token: telegram.token, root: telegram.root },
    slack: { token: slack.botToken, apiUrl: slack.apiUrl, appToken: slack.appToken },
  });
  try {
    await baton.say('t1', '/call open');
    await baton.say('maker', '/propose service The service that all vote on');
    const card = await telegram.waitFor(() => telegram.fromBot(group).find(({ keyboard }) => keyboard.length > 0));
    const message = await slack.waitFor(() =>
      slack.messages(CHANNEL).find((each) => slack.buttons(each).includes('Abstain')),
    );
    // The chats are quiet: what is counted from here on is the vote alone.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const before = await baton.figures();
    const updates: ReturnType<(typeof users)[number]['press']>[] = [];
    const outcomes: Promise<{ readonly error?: string }>[] = [];
    const started = performance.now();
    for (const n of numbers) {
      const wait = started + (n * 1_000) / HALF - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const [user, member] = [users[n], members[n]];
      if (user !== undefined) updates.push(user.press(card, 'Approve'));
      if (member !== undefined) outcomes.push(member.press(message, 'Abstain'));
    }
    const last = performance.now();
    const since = (): number => performance.now() - last;
    const [tTelegram, tSlack, tAnswers] = await Promise.all([
      telegram.waitFor(() => isComplete(telegram.shown(card).text), PATIENCE).then(since),
      slack.waitFor(() => isComplete(slack.words(message)), PATIENCE).then(since),
      telegram.waitFor(() => updates.every((update) => telegram.answersTo(update).length > 0), PATIENCE).then(since),
    ]);
    const taken = (await Promise.all(outcomes)).filter(({ error }) => error === undefined).length;
    const after = await baton.figures();
    return {
      counted: [countedOn(telegram.shown(card).text), countedOn(slack.words(message))],
      lastEdit: [tTelegram, tSlack],
      edits: [telegram.edits(card).length - 1, slack.edits(message)],
      answered: updates.length + taken,
      lastAnswer: tAnswers,
      handled: after.handled - before.handled,
      breaches: [
        ...telegram.breaches.map(({ limit, method }) => `Telegram’s ${limit} limit by ${method}`),
        ...slack.breaches.map(({ method }) => `Slack’s limit of ${method}`),
      ],
    };
  } finally {
    await baton.stop();
    await Promise.all([telegram.close(), slack.stop()]);
  }
}

export const votes: Bench = {
  name: 'H6',
  run: async () => {
    const rounds: Figures[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await inFolder(voteOnce));
    const least = (pick: (figures: Figures) => readonly number[]) => Math.min(...rounds.flatMap(pick));
    const seconds = (pick: (figures: Figures) => readonly number[]) => {
      const all = rounds.map((figures) => Math.max(...pick(figures)) / 1_000);
      return `${median(all).toFixed(1)} (${Math.min(...all).toFixed(1)}–${Math.max(...all).toFixed(1)}) s`;
    };
    const breaches = rounds.flatMap((figures) => figures.breaches);
    const kinds = [...new Set(breaches)].map((kind) => `${breaches.filter((each) => each === kind).length} × ${kind}`);
    const counted = least((figures) => [...figures.counted, figures.handled]);
    const slowest = Math.max(...rounds.flatMap((figures) => figures.lastEdit));
    const answered = least((figures) => [figures.answered]);
    const edits = rounds.flatMap((figures) => figures.edits);
    return [
      {
        id: 'H6',
        what: `${2 * HALF} votes in one second over both chats: counted, and the last edit of the slower card after the last press`,
        goal: 'all counted, within 5 s',
        measured: `${counted} counted, the last edit after ${seconds((figures) => figures.lastEdit)}; ${Math.min(...edits)} to ${Math.max(...edits)} edits a card`,
        met: counted === 2 * HALF && slowest <= 5_000,
      },
      {
        id: 'H6-limits',
        what: 'the same: what was faster than the platforms allow',
        goal: 'nothing',
        measured: kinds.length === 0 ? 'nothing' : kinds.join(', '),
        met: kinds.length === 0,
      },
      {
        id: 'H6-answers',
        what: 'the same: presses that were answered, and the last answer after the last press',
        goal: 'all, within the bot’s limit',
        measured: `${answered} answered, the last after ${seconds((figures) => [figures.lastAnswer])}`,
        met: answered === 2 * HALF && kinds.length === 0,
      },
    ];
  },
};
