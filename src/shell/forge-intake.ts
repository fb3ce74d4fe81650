import { createHash } from 'node:crypto';
import type { Catalogue } from '../core/command.ts';
import { parse, wordsOfPress } from '../core/decide.ts';
import { personOfAccount } from '../core/people.ts';
import { keeperOf } from '../core/reference.ts';
import { type Button, toWritten } from '../core/text.ts';
import type { ForgeAdapter, ForgeIntake, ForgeNews } from '../forge-ports.ts';
import type { Clock } from '../ports.ts';
import { toJob } from './commit.ts';
import type { Engine } from './engine.ts';
import { withoutProse } from './forge-prose.ts';
import type { Log } from './log.ts';

/** What forges send: stored raw before it is confirmed, then followed; what one thing has happen keeps its order. */

export interface ForgeIntakeParts {
  readonly adapter: ForgeAdapter;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
  /** A webhook spoke of it: a hint, which the next comparison looks at again. */
  hinted(ref: string): void;
}

export interface ForgeInbox extends ForgeIntake {
  /** Follows what was received before. */
  recover(): void;
  /** Follows what was asked for; false: it could not be written, and is to be asked for again. */
  follow(news: readonly ForgeNews[]): Promise<boolean>;
  settled(): Promise<void>;
  stop(): void;
}

const MOST_UNDER_WAY = 5_000;
const RECOVERED_AT_ONCE = 500;
const AGAIN_AFTER = 1_000;
const MOST_ANSWER = 8_000;
/** A repository may be open to all: what is of use to one person alone is not shown there. */
const PERSONAL = 'That is for you alone: ask me in a private chat, or on the board.';

export function createForgeInbox(parts: ForgeIntakeParts): ForgeInbox {
  const { adapter, engine, log } = parts;
  const { platform } = adapter;
  const chains = new Map<string, Promise<void>>();
  const underWay = new Set<string>();
  let stopped = false;

  function enqueue(id: string, body: unknown): void {
    if (stopped || underWay.has(id)) return;
    const news = adapter.read(body);
    if (news.length === 0) return void engine.settle(id, []).catch(() => undefined);
    underWay.add(id);
    const key = aboutOf(news);
    const run = (chains.get(key) ?? Promise.resolve())
      .then(() => process(id, news))
      .catch((error: unknown) => void log.fault('what a platform sent could not be handled', error))
      .finally(() => {
        underWay.delete(id);
        if (chains.get(key) === run) chains.delete(key);
      });
    chains.set(key, run);
  }

  async function process(id: string, news: readonly ForgeNews[]): Promise<void> {
    if (stopped) return;
    for (const each of news) {
      if (each.news === 'tracker') parts.hinted(each.of.ref);
      if (each.news === 'said' && !(await said(parts, each))) return again(id, news);
    }
    const heard = await engine.hear(news, platform, id);
    if (heard === 'done') return;
    if (heard === 'fault' && (await engine.store.faulted(id))) return;
    return again(id, news);
  }

  /** It stays received, and its turn comes again. */
  async function again(id: string, news: readonly ForgeNews[]): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, AGAIN_AFTER).unref());
    return process(id, news);
  }

  return {
    async receive(id, body) {
      if (stopped || engine.isFull() || underWay.size > MOST_UNDER_WAY || engine.readOnly() !== undefined)
        return 'full';
      const isOurs = adapter.read(body).length > 0;
      const kept = isOurs ? withoutProse(body) : null;
      const row = { id, body: kept, source: platform, ...(isOurs ? {} : { done: true as const }) };
      if (!(await engine.receive({ receive: [row] }))) return 'full';
      if (isOurs) enqueue(id, kept);
      return 'stored';
    },
    recover() {
      for (const { id, body } of engine.store.received(platform, RECOVERED_AT_ONCE)) enqueue(id, body);
    },
    async follow(news) {
      for (const each of news) if (each.news === 'said' && !(await said(parts, each))) return false;
      const heard = await engine.hear(news, platform);
      if (heard !== 'fault') return heard === 'done';
      // One of them is our error; the others are still true.
      for (const each of news) if ((await engine.hear([each], platform)) === 'again') return false;
      return true;
    },
    settled: async () => {
      while (chains.size > 0) await Promise.all(chains.values());
    },
    stop: () => {
      stopped = true;
    },
  };
}

/** What it is about: two things have no order between them. */
function aboutOf([first]: readonly ForgeNews[]): string {
  if (first === undefined) return '';
  return first.news === 'tracker' ? first.of.ref : first.news === 'said' ? first.ref : first.repository;
}

/** What a command takes over several lines: somebody's own words, or one thing after another. */
const LONG = /\b(?:NOTE|REASON|TEXT|TITLE)\b|…|\.\.\./;

/** A command ends at its line, unless it takes a long text: what is written below it is for people. */
function commandIn(catalogue: Catalogue, text: string): string {
  const parsed = parse(catalogue, text);
  if (typeof parsed === 'string' || 'unknown' in parsed || LONG.test(parsed.command.usage)) return text;
  return text.trim().split(/[\r\n]/, 1)[0] ?? text;
}

/** A comment that is a command: decided like any other, answered by a comment. Whom nobody knows is not answered. */
async function said(
  { adapter: { platform }, engine }: ForgeIntakeParts,
  { id, ref, account, number, text: written }: Extract<ForgeNews, { news: 'said' }>,
): Promise<boolean> {
  const text = commandIn(engine.catalogue, written);
  const as = account.startsWith(`${platform}:`) ? account : `${platform}:${account}`;
  const keeper = keeperOf(ref);
  if (personOfAccount(engine.world(), as) === undefined || keeper === undefined) return true;
  const marker = `answer-${createHash('sha256').update(`${platform} ${id}`).digest('hex').slice(0, 16)}`;
  const input = { as, via: platform, place: ref, text, pressed: false, ...(number === undefined ? {} : { number }) };
  const parsed = parse(engine.catalogue, text);
  const isPersonal = typeof parsed === 'object' && 'command' in parsed && parsed.command.personal === true;
  const wordsOf = ({ command, on, args = '' }: Button) => wordsOfPress(engine.catalogue, command, on, args);
  const answer = await engine.handle(input, `${platform}:said:${id}`, {
    rows: (given, world) => {
      if (given.code === 'silent') return [];
      const job = {
        do: 'comment',
        ref,
        body: isPersonal ? PERSONAL : toWritten(given.nodes, wordsOf).slice(0, MOST_ANSWER),
        status: false,
      } as const;
      return [toJob(world, { ...keeper, job, marker, of: ref })];
    },
  });
  return answer.code !== 'unavailable';
}
