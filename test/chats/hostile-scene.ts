import { join } from 'node:path';
import { vi } from 'vitest';
import { readCircles } from '../../adapters/circles/inbound.ts';
import { readGithub } from '../../adapters/github/inbound.ts';
import { type Organisation, Person } from '../../src/core/organisation.ts';
import type { Answer } from '../../src/shell/engine.ts';
import { readOrganisation } from '../../src/shell/read-organisation.ts';
import { type ChatBot, startChatBot } from '../support/chat-bot.ts';
import { TRANSCRIPTS } from '../support/simulator.ts';
import { createStage, type Stage } from '../support/stage.ts';

/** A work item from idea to release, told by people who put the same words wherever words are taken. */

const BEGIN = Date.parse('2026-11-23T10:00:00+01:00');
const HOUR = 3_600_000;

/** One line: who, and what they say. `T` stands for the words, `W` for them without spaces. */
const STORY = `
sam /call open
sam /call plan T
bea /propose product T
bea /propose product A grid
sam /reject PROD-1 T
sam /approve PROD-1 T
sue /approve PROD-1
sue /approve PROD-2
sam /approve PROD-2 T
sam /prioritise PROD-1 W owner T
sam /prioritise PROD-1 1 owner W
sam /prioritise PROD-1 1 owner pia
sam /prioritise PROD-2 2 owner pia
arno /approve PROD-1 T
arno /reject PROD-1 T
arno /approve PROD-1
pia /circle PROD-1 T
pia /circle PROD-1 create
pia /circle PROD-2 https://circles.example.org/project/W
sue /object PROD-2 T
pia /link PROD-1 T
pia /link PROD-1 https://evil.example/W
pia /link PROD-1 us:34
pia /done PROD-1
lea /link PROD-1 us:34 #3
lea /done PROD-1
dave /docs PROD-1 T
dave /docs PROD-1 https://docs.example.org/W
dave /monitor PROD-1 https://watch.example.org/W
dave /release PROD-1 W
dave /release PROD-1 testnet W
dave /release PROD-1 testnet
dave /handover PROD-1 W
dave /handover PROD-1 qa T
quinn /bug W T
quinn /bug major T
quinn /bug minor PROD-1 T
quinn /return PROD-1 W T
quinn /story T
quinn /feature T
quinn /feedback T
quinn /fail PROD-1 baton#1 T
dave /close W
dave /close baton#1
dave /close baton#2
dave /release PROD-1 testnet
dave /handover PROD-1 qa T
quinn /pass PROD-1 T
lea /invite PROD-1
zed /join PROD-1
zed /status PROD-1
zed /bug minor PROD-1 T
zed /status T
zed T
lea /skip PROD-1 T
pia /reject PROD-1 T
mia /announce PROD-1 by W T
mia /announce PROD-1 by 2026-11-30 T
sam /reject ANN-1 T
mia /announce ANN-1 T
sue /approve ANN-1 T
sol /approve ANN-1
sam /approve ANN-1
arno /approve ANN-1
pia /approve ANN-1
sam /alert critical T
sam /alert critical The site is down
olga /ack ALERT-1 T
olga /ack ALERT-2 T
olga /resolve ALERT-1 T
dave /escalate PROD-1 T
dave /escalate W T
bea /propose service T
sam /drop SVC-1 T
bea /propose service Backups urgent W
bea /urgent PROD-1 T
ada /person add zoe "T" telegram 7999
ada /person add W
ada /person remove W
ada /role grant W W
ada /role grant qa zoe
olga /freeze declare 2026-12-24 2026-12-25 T
olga /freeze declare W W T
olga /freeze lift W
olga /oncall swap W
mia /env request W PROD-1
mia /env request staging PROD-1
dave /reopen W
dave /unlink PROD-1 W
sam T
sam /W
sam /approve W
sam /join W
sam /iam W
sam /remind W
sam /rules T
sam /help T
sam /board T
sam /status T
sam /history T
sam /why T
sam /bind PROD-1
arno /bind PROD-1
sam /board
sam /agenda
sam /freeze
sam /oncall
sam /whoami
pia /whoami
sam /mine
quinn /mine
sam /status PROD-1
sam /status
sam /history PROD-1
sam /history ALERT-1
sam /why PROD-1
sam /rules
`;

export interface Scene {
  readonly stage: Stage;
  readonly bot: ChatBot;
  readonly answers: readonly { readonly line: string; readonly answer: Answer }[];
  /** Everyone who could read something, strangers too. */
  readonly people: readonly string[];
  stop(): Promise<void>;
}

/** Names have at most 200 characters, as the organisation's file takes them. */
function organisationNamed(words: string): Organisation {
  const read = readOrganisation(join(TRANSCRIPTS, 'organisation.yaml'));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  const { organisation } = read;
  const name = Person.parse({ id: 'x', name: words.slice(0, 200).trim() || 'x' }).name ?? '';
  return {
    ...organisation,
    organisation: name,
    people: organisation.people.map((person) => (/^(pia|sue|quinn)$/.test(person.id) ? { ...person, name } : person)),
    chats: organisation.chats.map((chat) => (chat.name === 'board' ? { ...chat, name } : chat)),
  };
}

/** The trackers tell of an issue and of a story that are called so. */
async function tellNews(engine: ChatBot['engine'], words: string): Promise<void> {
  const repository = { full_name: 'example/grid' };
  const issue = { number: 3, title: words, state: 'open', labels: [] };
  const opened = { repository, action: 'opened', issue, sender: { login: words.slice(0, 30) } };
  await engine.follow(readGithub('issues', opened), 'github', 'hostile:github');
  const project = { id: 1, name: words, permalink: 'https://circles.example.org/project/grid' };
  const status = { id: 5, name: words, slug: 'new', is_closed: false };
  const data = { id: 134, ref: 34, subject: words, project, is_closed: false, status };
  const made = { type: 'userstory', action: 'create', by: { username: words }, data };
  await engine.follow(readCircles(made), 'circles', 'hostile:circles');
}

/** Plays the story with these words, and shows every answer in a chat of both platforms, to all and to one alone. */
export async function playHostile(words: string): Promise<Scene> {
  const given = organisationNamed(words);
  const boardName = given.chats[1]?.name ?? '';
  const stage = await createStage(given, ['zed', words.slice(0, 60)]);
  let now = BEGIN;
  const bot = await startChatBot({
    organisation: stage.organisation,
    clock: { now: () => now },
    unhurried: true,
    telegram: { peer: stage.telegram, mode: 'polling' },
    slack: { peer: stage.slack, mode: 'socket' },
  });
  await vi.waitFor(() => {
    if (bot.chats.states().some(({ is }) => is !== 'connected')) throw new Error('not connected yet');
  }, 10_000);
  const { engine } = bot;
  const board = {
    telegram: `telegram:${stage.telegramChat(boardName).id}`,
    slack: `slack:${stage.slackChannel(boardName)}`,
  };
  const answers: Scene['answers'][number][] = [];
  const asked = stage.onTelegram('sam').say({ ...stage.telegramChat(boardName), title: '', topics: {} }, 'hello');
  const show = async ({ text, nodes, ok }: Answer, quiet: boolean): Promise<void> => {
    const at = engine.world().now;
    const rows = (['telegram', 'slack'] as const).map((platform) => ({
      kind: 'answer', lane: 'answer' as const, to: { place: board[platform] }, address: board[platform], key: null, at,
      late: false,
      body: { text, nodes, answer: { account: stage.accountOf(platform, 'sam'), quiet, ok, isPrivate: false, ...(platform === 'slack' ? {} : { message: `${asked.chat.id}/${asked.message_id}` }) } },
    })); // biome-ignore format: one row
    await engine.settle(`show:${answers.length}`, rows);
  };
  const joined = words.replace(/\s+/g, '_').slice(0, 5_000);
  await tellNews(engine, words);
  for (const line of STORY.trim().split('\n')) {
    const [, as = '', told = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    const text = told.replace(/\bT\b/, () => words).replaceAll(/\bW\b/g, () => joined);
    const from = as === 'zed' ? { as: 'telegram:9001', via: 'telegram' } : { as, via: 'web' };
    const place = text.startsWith('/bind') ? boardName : null;
    const answer = await engine.handle({ ...from, place, text, pressed: false });
    answers.push({ line, answer });
    if (answer.nodes.length > 0) await show(answer, answers.length % 4 === 0);
  }
  for (const hours of [8, 22, 24, 72]) {
    await delivered({ bot });
    now += hours * HOUR;
    await engine.fireDue();
  }
  return {
    stage,
    bot,
    answers,
    people: stage.organisation.people.map(({ id }) => id).concat('zed'),
    stop: async () => {
      await bot.stop();
      await stage.close();
    },
  };
}

/** Resolves when nothing is left to be delivered. */
export const delivered = ({ bot }: Pick<Scene, 'bot'>): Promise<void> =>
  vi.waitFor(() => {
    const { engine } = bot;
    const left = engine.store.late(engine.world().now + 1, 10);
    if (left.length > 0) throw new Error(`not delivered: ${left.map(({ kind, address, state, reason }) => `${kind} ${address} ${state} ${reason}`)}`);
  }, { timeout: 20_000, interval: 20 }); // biome-ignore format: one wait
