import { once } from 'node:events';
import { existsSync, globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, vi } from 'vitest';
import type { Organisation } from '../../../src/core/organisation.ts';
import { createStage, type Stage } from '../../support/stage.ts';
import { played } from '../../time/table.ts';
import { ask, type Bot, runBaton, startBot } from '../../web/demo.ts';

/**
 * The bot as a process of its own on a machine whose clock the test sets: libfaketime changes what the system's clock
 * says, and leaves the steady one as it is. The file that it reads may be written anew at any time.
 */

const PLACES = ['/usr/lib/*/faketime/libfaketimeMT.so.1', '/usr/local/lib/faketime/libfaketimeMT.so.1'];

/** The library, or undefined with a word about it: then there is nothing to be tested here. */
export function findFaketime(): string | undefined {
  const [library] = [process.env.FAKETIME_LIBRARY ?? [], ...PLACES.map((place) => globSync(place))].flat();
  if (library !== undefined && existsSync(library)) return library;
  console.warn('libfaketime is not installed, so no clock is set: bash test/faults/clock/install-faketime.sh');
  return undefined;
}

export interface Machine {
  readonly stage: Stage;
  /** Starts the bot, its database as it is. */
  start(): Promise<void>;
  stop(): Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** From now on the machine's clock shows this, and goes on. */
  set(when: string | number): void;
  /** The machine's clock goes at so many times its speed until it shows this. */
  drift(pace: number, until: number): Promise<void>;
  /** What the machine's clock shows. */
  now(): number;
  say(person: string, text: string): Promise<{ readonly ok: boolean; readonly text: string }>;
  baton(...words: readonly string[]): ReturnType<typeof runBaton>;
  /** Resolves once the bot has written this to a chat. */
  heard(chat: string, words: RegExp): Promise<unknown>;
  readonly events: () => readonly Event[];
  /** The figures below zero on the page for Prometheus. */
  negatives(): Promise<readonly string[]>;
  healthy(): Promise<number>;
}

interface Event {
  readonly type: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `before` is a table of what was said until then; without it the database is new. */
export async function createMachine(library: string, organisation: Organisation, before?: string): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-clock-'));
  const database = join(folder, 'baton.db');
  const clock = join(folder, 'clock');
  let offset = 0;
  const now = () => Date.now() + offset;
  const write = (): void => {
    // As a whole, or the library may read half of it.
    writeFileSync(`${clock}.new`, `${offset < 0 ? '' : '+'}${(offset / 1000).toFixed(3)}\n`);
    renameSync(`${clock}.new`, clock);
  };
  const stage = await createStage(organisation, [], { telegram: { now } });
  writeFileSync(join(folder, 'org.json'), JSON.stringify({ ...stage.organisation, holidayDays: undefined }));
  if (before !== undefined) await played({ organisation: stage.organisation, before, path: database }, '');
  const environment = {
    BATON_ORG: join(folder, 'org.json'),
    BATON_DB: database,
    BATON_BACKUPS: join(folder, 'backups'),
    TELEGRAM_BOT_TOKEN: stage.telegram.token,
    TELEGRAM_API_ROOT: stage.telegram.root,
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
  let bot: Bot | undefined;
  const stop = async () => {
    const ended = await bot?.stop();
    bot = undefined;
    return ended ?? { code: 0, stderr: '' };
  };
  onTestFinished(async () => {
    await stop();
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const pages = async (path: string) => ask(bot?.origin ?? '', path);
  return {
    stage,
    async start() {
      bot = await startBot(folder, environment);
    },
    stop,
    set(when) {
      offset = (typeof when === 'number' ? when : Date.parse(when)) - Date.now();
      write();
    },
    async drift(pace, until) {
      let last = performance.now();
      const ticking = setInterval(() => {
        offset += (pace - 1) * (performance.now() - last);
        last = performance.now();
        write();
      }, 20);
      try {
        await vi.waitFor(() => expect(now()).toBeGreaterThanOrEqual(until), { timeout: 30_000, interval: 20 });
      } finally {
        clearInterval(ticking);
      }
    },
    now,
    async say(person, text) {
      const socket = connect(`${database}.sock`);
      await once(socket, 'connect');
      socket.write(`${JSON.stringify({ as: person, text })}\n`);
      const [line] = await once(createInterface({ input: socket }), 'line');
      socket.destroy();
      return JSON.parse(String(line));
    },
    baton: (...words) => runBaton(folder, environment, ...words),
    heard: (chat, words) =>
      stage.telegram.waitFor(
        () => stage.telegram.fromBot(stage.telegramChat(chat)).find(({ text }) => words.test(text)),
        15_000,
      ),
    events() {
      const db = new Sqlite(database, { readonly: true });
      const rows = db
        .prepare<[], { type: string; at: number; data: string }>('select * from events order by seq')
        .all();
      db.close();
      return rows.map(({ type, at, data }) => ({ type, at, data: JSON.parse(data) as Event['data'] }));
    },
    async negatives() {
      const { text } = await pages('/metrics');
      return text.split('\n').filter((line) => /^[a-z]\S* -\d/.test(line));
    },
    healthy: async () => (await pages('/healthz')).status,
  };
}

/** The times that something was due for, and more than once. */
export function firedTwice(events: readonly Event[]): readonly string[] {
  const names = events
    .filter(({ type }) => type === 'reminder-fired')
    .map(({ data }) => `${String(data.name)} ${String(data.due)}`);
  return names.filter((name, at) => names.indexOf(name) !== at);
}
