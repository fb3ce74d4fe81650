import type { Database } from 'better-sqlite3';
import type { Store } from '../../src/store/port.ts';
import { type Bot, startBot } from './bot.ts';
import { createMortality, type Mortality, mortalStore } from './crash.ts';
import { type Counts, monitored, Violation } from './monitor.ts';
import { noteStart } from './situations.ts';
import { COUNTS, type Stage, type StageOptions } from './stage.ts';

/** The process as such: how it begins, ends and dies, and what it holds open. */
export interface Life {
  readonly mortality: Mortality;
  start(): void;
  /** Ends it in good order; false: it died before that. */
  stop(): Promise<boolean>;
  /** Is there one, and is it to stay? */
  isUp(): boolean;
  bot(): Bot | undefined;
  lastBot(): Bot | undefined;
  db(): Database;
  /** Who asks now: tells later whether that process still lives. */
  pulse(): () => boolean;
  end(): void;
}

interface Held {
  bot: Bot | undefined;
  last: Bot | undefined;
  db: Database | undefined;
  readonly closed: Database[];
  downFrom: number | undefined;
  isFirst: boolean;
  isEnding: boolean;
  /** Which life it is: one more with each process that is gone. */
  of: number;
}

export function createLife(options: StageOptions, stageNow: () => Stage): Life {
  const held: Held = {
    bot: undefined, last: undefined, db: undefined, closed: [], downFrom: undefined, isFirst: true, isEnding: false, of: 0,
  }; // biome-ignore format: a list
  const mortality = createMortality((crash, during) => {
    const { loop, disk, trace, met } = stageNow();
    trace(`crash ${crash.place} ${crash.point} (${crash.how}), down for ${crash.down}`);
    met(`crash ${crash.place} ${crash.point}`);
    loop.kill();
    disk.crash(crash.how, during);
    gone();
    loop.after(crash.down, start);
  });
  function gone(): void {
    const stage = stageNow();
    held.downFrom = stage.now();
    held.bot = undefined;
    held.isEnding = false;
    stage.slack.cut();
    stage.github.cut();
    if (held.db !== undefined) held.closed.push(held.db);
    held.of += 1;
    stage.loop.touch();
  }
  function start(): void {
    const { loop } = stageNow();
    mortality.revive();
    loop.touch();
    loop.begin(() => begin(options, stageNow(), held));
  }
  return {
    mortality,
    start,
    async stop() {
      const { bot } = held;
      if (bot === undefined || held.isEnding) return false;
      held.isEnding = true;
      await bot.connections.stop();
      await bot.engine.drained();
      if (held.bot !== bot) return false;
      const { loop, disk, trace } = stageNow();
      loop.kill();
      gone();
      trace('stopped');
      disk.crash('kill');
      return true;
    },
    isUp: () => held.bot !== undefined && !held.isEnding,
    bot: () => held.bot,
    lastBot: () => held.last,
    db: () => {
      if (held.db === undefined) throw new Error('nothing is open');
      return held.db;
    },
    pulse: () => {
      const { of } = held;
      return () => of === held.of && !mortality.isDead();
    },
    end() {
      stageNow().loop.kill();
      held.of += 1;
      for (const db of [...held.closed, held.db]) db?.close();
    },
  };
}

/** A start, which can be died in as well. */
async function begin(options: StageOptions, stage: Stage, held: Held): Promise<void> {
  const { of } = held;
  const isNow = (): boolean => of === held.of;
  try {
    const db = stage.disk.open();
    held.db = db;
    options.onOpened(stage, held.isFirst);
    held.isFirst = false;
    const bot = await startBot({
      db,
      path: stage.disk.path(),
      machine: { now: stage.now },
      steady: stage.loop.now,
      ...partsOf(options, stage),
      chance: () => options.chance.next('bot'),
      onFault: (message, error) => {
        if (isNow() && !isExpected(error)) stage.report(new Violation('fault', `${message}: ${wordsOf(error)}`));
      },
    });
    if (!isNow()) return;
    held.bot = bot;
    held.last = bot;
    // What people remember is read from the new one from here on.
    for (const old of held.closed.splice(0)) old.close();
    noteStart(stage, bot.engine.world(), held.downFrom, stage.now());
    stage.trace('started');
  } catch (error) {
    if (isNow()) stage.report(error instanceof Violation ? error : new Violation('start', wordsOf(error)));
  }
}

/** What the process is put together from, with a planted mistake in between where there is one. */
function partsOf(
  { plant }: StageOptions,
  stage: Stage,
): Pick<Parameters<typeof startBot>[0], 'wrap' | 'chats' | 'forges'> {
  const forge = stage.github.adapter();
  return {
    wrap(store: Store) {
      const mortal = mortalStore(store, stage.mortality, stage.disk);
      const count = stage.db().prepare<[], Counts>(COUNTS);
      const countsOf = (): Counts => count.get() ?? stage.ledger.counts;
      return monitored(plant?.store?.(mortal, stage) ?? mortal, stage.ledger, countsOf, stage.report);
    },
    chats: [stage.telegram.adapter(), stage.slack.adapter()].map((adapter) => plant?.chat?.(adapter, stage) ?? adapter),
    forges: [plant?.forge?.(forge, stage) ?? forge],
  };
}

const wordsOf = (error: unknown): string => String(error instanceof Error ? error.stack : error);

/** What says so itself: a disk that was full, a process that ends. */
const isExpected = (error: unknown): boolean => error instanceof Error && error.name === 'TurnFailed';
