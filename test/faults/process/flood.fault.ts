import { randomUUID } from 'node:crypto';
import { setInterval as ticks } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { FOLD_VERSION } from '../../../src/core/streams.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { createGithubPeer } from '../../peers/github/peer.ts';
import { tally } from '../../support/tally.ts';
import { createHouse, type House, type HouseOptions, now } from './house.ts';
import { newTalk, nothingLost, speak, type Talk } from './talk.ts';

/** More than anybody would say at once, and the person who has to act meanwhile. The figures are printed. */

let house: House | undefined;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await house?.close();
  for (const close of closing.splice(0)) await close();
});
const opened = async (options?: HouseOptions): Promise<House> => {
  house = await createHouse(options);
  return house;
};

/** What OPS asks meanwhile, and what the process looks like. */
interface Watched {
  readonly waits: number[];
  readonly lags: number[];
  most: number;
}

async function look(bot: House, watched: Watched): Promise<void> {
  const from = performance.now();
  const answer = await bot.say('olga', '/status');
  expect(answer?.ok).toBe(true);
  watched.waits.push(performance.now() - from);
  const lag = (await bot.figure('nodejs_eventloop_lag_p99_seconds')) * 1_000;
  // Of a time in which the loop did not come round there is no figure yet.
  if (Number.isFinite(lag)) watched.lags.push(lag);
  watched.most = Math.max(watched.most, bot.rss());
}

/** Resident megabytes, whatever comes: what the start leaves behind is given back, and a flood does not pile up. */
const MOST_MEMORY = 256;

const newWatch = (): Watched => ({ waits: [], lags: [], most: 0 });
const figures = ({ waits, lags, most }: Watched): string =>
  `OPS waited ${Math.max(...waits).toFixed(0)} ms at most, the loop's delay p99 ${Math.max(...lags).toFixed(0)} ms, memory ${most.toFixed(0)} MB at most`;

/** At so many a second for so long; resolves once each is answered. */
async function flood(bot: House, watched: Watched, seconds: number, rate: number, one: (n: number) => unknown) {
  const begun = performance.now();
  const all: unknown[] = [];
  const looks: Promise<void>[] = [];
  for await (const _ of ticks(20)) {
    const second = (performance.now() - begun) / 1_000;
    while (all.length < Math.min(second, seconds) * rate) all.push(one(all.length));
    if (looks.length < second) looks.push(look(bot, watched));
    if (second >= seconds) break;
  }
  await Promise.all([...all, ...looks]);
  return all.length;
}

test('1,000 chat messages a second from both platforms', { timeout: 400_000 }, async () => {
  const bot = await opened();
  const { stage } = bot;
  const people = ['tom', 'pia', 'sam', 'dave'];
  // Whoever says that much is not listened to for a minute: what they ask for is not done, and they are told so.
  const talk: Talk = newTalk(people);
  const watched = newWatch();
  const general = stage.telegramChat('general');
  const channel = stage.slackChannel('general');
  const made = await flood(bot, watched, 10, 1_000, (n) => {
    // One in fifty is for the bot: Telegram lets nobody answer thirty people a second.
    if (n % 50 === 0) return speak(bot, talk);
    const person = people[n % people.length] ?? 'tom';
    if (n % 2 === 0) return void stage.onSlack(person).say(channel, `Talk number ${n}`);
    const place = { id: general.id, title: 'general', topics: {} };
    const { topic } = general;
    return void stage.onTelegram(person).say(place, `Talk number ${n}`, topic === undefined ? {} : { topic });
  });
  await bot.drained(240_000);
  // Talk that is for nobody; it was never acknowledged, so nobody holds it for kept.
  const late = stage.slack.deliveries.filter(({ state }) => state === 'lost').length;
  const all = await nothingLost(bot, talk);
  console.log(
    `${made} messages in 10 s: ${all} kept, ${talk.refused} refused to Slack, ${late} given up by it; ${figures(watched)}`,
  );
  expect(watched.most).toBeLessThan(MOST_MEMORY);
  tally('fault', 'a thousand messages a second', made);
});

const VOTERS = Number(process.env.VOTERS ?? 10_000);

test(`${VOTERS} votes on one release`, { timeout: 580_000 }, async () => {
  const voters = Array.from({ length: VOTERS }, (_, at) => `v${at}`);
  const bot = await opened({
    change: (organisation) => ({
      ...organisation,
      people: [
        ...organisation.people.map((each) => ({ ...each, roles: each.roles.filter((role) => role !== 'stakeholder') })),
        ...voters.map((id, at) => ({ id, name: `Voter ${id}`, roles: ['stakeholder' as const], slack: `U0V${at}` })),
      ],
    }),
  });
  const { slack } = bot.stage;
  const hands = voters.map((id, at) => slack.user({ id: `U0V${at}`, name: `Voter ${id}` }));
  expect((await bot.say('bea', '/propose product Alpha'))?.ok).toBe(true);
  const opening = await bot.say('v0', '/call open');
  expect(opening, opening?.text).toMatchObject({ ok: true });
  const board = bot.stage.slackChannel('board');
  const card = await slack.waitFor(
    () => slack.messages(board).find((each) => /Agree on\s+PROD-1/.test(slack.words(each))),
    60_000,
  );
  const watched = newWatch();
  const refused: string[] = [];
  const begun = performance.now();
  const waits: number[] = [];
  // Half abstains, so that nothing is decided before the last ones.
  const vote = async (at: number): Promise<void> => {
    const from = performance.now();
    const outcome = await hands[at]?.press(card, at % 2 === 0 ? 'Approve' : 'Abstain');
    waits.push(performance.now() - from);
    if (outcome?.error !== undefined) refused.push(outcome.error);
  };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < VOTERS) await vote(next++);
  };
  const pressing = Promise.all(Array.from({ length: 20 }, worker));
  const isOver = { yes: false };
  void pressing.finally(() => {
    isOver.yes = true;
  });
  for await (const _ of ticks(1_000)) {
    if (isOver.yes) break;
    await look(bot, watched);
  }
  await pressing;
  const seconds = (performance.now() - begun) / 1_000;
  console.log(
    `${VOTERS} votes in ${seconds.toFixed(0)} s, ${refused.length} refused; Slack waited ${Math.max(...waits).toFixed(0)} ms at most; ${figures(watched)}`,
  );
  expect(refused).toEqual([]);
  expect(watched.most).toBeLessThan(MOST_MEMORY);
  expect(Math.max(...waits)).toBeLessThan(3_000);
  await bot.drained(120_000);
  await bot.check();
  const store = openSqliteStore({ path: bot.database, fold: FOLD_VERSION, now: Date.now, productVersion: 'test' });
  if ('refusal' in store) throw new Error(store.refusal);
  const ballots = store.history('item/PROD-1').filter(({ type }) => type === 'ballot-cast');
  await store.close();
  expect(ballots).toHaveLength(VOTERS);
  expect(new Set(ballots.map(({ actor }) => actor)).size).toBe(VOTERS);
  // Fewer show that the test works, and no more than that.
  if (VOTERS >= 10_000) tally('fault', 'ten thousand votes on one release', VOTERS);
});

test('200 signed webhooks a second from GitHub', { timeout: 300_000 }, async () => {
  const github = await createGithubPeer({ repositories: ['example/grid', 'example/web'], now });
  closing.push(() => github.stop());
  const bot = await opened({
    environment: {
      GITHUB_API_URL: github.apiUrl,
      // An App's own token lives by the real time, and the clock of this house is another.
      GITHUB_TOKEN: github.access.token,
      GITHUB_WEBHOOK_SECRET: github.webhookSecret,
    },
  });
  const issue = github.open(github.repo('example/grid'), github.user('dave-gh'), { title: 'The grid is slow' });
  const [first] = github.hooks.deliveries;
  if (first === undefined) throw new Error('nothing was delivered');
  github.hooks.url = `${bot.origin}/webhooks/github`;
  const talk = newTalk();
  const watched = newWatch();
  const confirmed: string[] = [];
  const others = new Map<number, number>();
  const made = await flood(bot, watched, 10, 200, async (n) => {
    // Each is an issue that is made on GitHub, which wants three seconds between two.
    if (n % 200 === 0) void speak(bot, talk);
    const guid = randomUUID();
    const body = JSON.stringify({ ...first.payload, flood: n });
    const status = await github.hooks.signed(body, {
      'x-github-event': first.event,
      'x-github-delivery': guid,
      'x-hub-signature-256': github.hooks.sign(body),
    });
    if (status === 202) confirmed.push(guid);
    else others.set(status, (others.get(status) ?? 0) + 1);
  });
  await bot.drained(200_000);
  const ids = inboxOf(bot.database);
  console.log(
    `${made} webhooks in 10 s about ${issue.title}: ${confirmed.length} confirmed, others ${JSON.stringify([...others])}; ${figures(watched)}`,
  );
  expect(confirmed.filter((guid) => ids.get(`github:${guid}`) !== 1)).toEqual([]);
  expect(confirmed.length).toBeGreaterThan(made / 2);
  expect(watched.most).toBeLessThan(MOST_MEMORY);
  await nothingLost(bot, talk);
  tally('fault', '200 webhooks a second', made);
});

function inboxOf(database: string): ReadonlyMap<string, number> {
  const db = new Sqlite(database, { readonly: true });
  const ids = db.prepare<[], string>("select key from inbox where key like 'github:%'").pluck().all();
  db.close();
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
