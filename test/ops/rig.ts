import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import { FOLD_VERSION } from '../../src/core/streams.ts';
import { toPlain } from '../../src/core/text.ts';
import type { ChatAdapter, Outgoing, Platform, Sent } from '../../src/ports.ts';
import { routeOf } from '../../src/shell/address.ts';
import { type Engine, startEngine } from '../../src/shell/engine.ts';
import { createLibrary } from '../../src/shell/library.ts';
import { createLog } from '../../src/shell/log.ts';
import { parseOrganisation } from '../../src/shell/read-organisation.ts';
import { createSafeMode, type SafeMode } from '../../src/shell/safe-mode.ts';
import { createTrustedClock } from '../../src/shell/safe-mode-clock.ts';
import { isRefusal, openWritable } from '../../src/store/connection.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Store } from '../../src/store/port.ts';
import { createStore } from '../../src/store/sqlite.ts';
import { fold } from '../properties/engine.ts';

/** The real engine on a real file with safe mode around it, a clock that a test moves, and a chat that keeps what it gets. */

const read = parseOrganisation(
  'org.yaml',
  `
organisation: Example Grid
timezone: Europe/Brussels
people:
  - { id: olga, name: Olga, roles: [ops, admin], telegram: 1001 }
  - { id: otto, name: Otto, roles: [ops], telegram: 1002 }
  - { id: pam, name: Pam, roles: [promotion], telegram: 1003 }
  - { id: sam, name: Sam, roles: [stakeholder] }
chats:
  - { name: ops, team: ops, telegram: -2001 }
on_call: { rotates: weekly, starts: 2026-11-02, people: [olga, otto] }
`,
);
const loaded = loadProcesses();
if ('problems' in read || 'problems' in loaded) throw new Error('the files of the test are wrong');
export const ORGANISATION = read.organisation;
const { processes } = loaded;

/** A Monday morning, in the hours of OPS; and a Friday, when somebody is on call. */
export const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');
export const FRIDAY = Date.parse('2026-11-27T10:00:00+01:00');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'baton-ops-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

interface Told {
  readonly chat: string;
  readonly text: string;
  readonly loud: boolean;
}

/** A chat that keeps what it is given. `answers` is what it says to each sending, told to which of its chats. */
export function createChat(platform: Platform = 'telegram') {
  const told: Told[] = [];
  const chat = { answers: (_to: string): Sent => ({ is: 'sent', id: String(told.length) }) };
  const adapter: ChatAdapter = {
    platform,
    pace: { perChat: 0, perMessage: 0, perSecond: 1e9 },
    start: () => undefined,
    stop: async () => undefined,
    state: () => ({ is: 'connected', line: 'Telegram is connected' }),
    read: (body) => body as ReturnType<ChatAdapter['read']>,
    send: async ({ address, nodes, loud }: Outgoing) => {
      const answer = chat.answers(address.chat);
      if (answer.is === 'sent') told.push({ chat: address.chat, text: toPlain(nodes), loud });
      return answer;
    },
    edit: async () => ({ is: 'sent', id: null }),
    find: async () => undefined,
    check: async () => [],
  };
  return { adapter, told, chat };
}

export interface House {
  readonly engine: Engine;
  readonly safe: SafeMode;
  readonly db: Database;
  /** The store without anything around it. */
  readonly raw: ReturnType<typeof createStore>;
  readonly lines: string[];
  readonly clock: { now(): number };
  readonly log: ReturnType<typeof createLog>;
  /** The machine's clock and the steady one go on together. */
  wait(time: number): void;
  /** The machine's clock alone jumps. */
  jump(time: number): void;
  say(as: string, text: string, id?: string): ReturnType<Engine['handle']>;
}

export async function house(
  given: {
    path?: string;
    at?: number;
    faulty?: (store: ReturnType<typeof createStore>) => ReturnType<typeof createStore>;
    problems?: () => readonly string[];
    connected?: boolean;
  } = {},
): Promise<House> {
  const path = given.path ?? join(folder(), 'baton.db');
  const time = { wall: given.at ?? MONDAY, steady: 0 };
  const trusted = createTrustedClock({ now: () => time.wall }, () => time.steady);
  const db = openWritable(path);
  if (isRefusal(db)) throw new Error(db.refusal);
  const options = { path, fold: FOLD_VERSION, now: trusted.now, productVersion: '0.0.0' };
  const refusal = migrate(db, { ...options, migrations: fileURLToPath(new URL('../../migrations', import.meta.url)) });
  if (refusal !== undefined) throw new Error(refusal.refusal);
  const raw = createStore(db, undefined, options);
  onTestFinished(() => raw.close());
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const safe = createSafeMode({
    store: given.faulty?.(raw) ?? raw,
    clock: trusted,
    trusted,
    prove: given.problems ?? (() => []),
    states: {
      living: () => raw.checkLiving(fold),
      next: (after) => raw.checkStates(fold, after, 2),
    },
    log,
  });
  const store: Store = safe.store;
  const engine = await startEngine({
    store,
    safe,
    clock: trusted,
    policies: {
      organisation: ORGANISATION,
      rules: await loadRules(),
      processes,
      processOf: await createLibrary(store, processes, (why) => safe.enter('chain', why)),
    },
    catalogue: await loadCommands(),
    links: { check: async () => 200 },
    log,
    route: (world, to) => (given.connected === false ? undefined : routeOf(['telegram'], world, to)),
  });
  return {
    engine, safe, db, raw, lines, log, clock: trusted,
    wait: (by) => {
      time.wall += by;
      time.steady += by;
    },
    jump: (by) => {
      time.wall += by;
    },
    say: (as, text, id) => engine.handle({ as, via: 'web', place: null, text, pressed: false }, id),
  }; // biome-ignore format: a list
}

/** Takes the disk's room away; the room comes back with the answer. */
export function fill(db: Database): () => void {
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
  return () => void db.pragma('max_page_count = 1000000');
}

/** What waits is said. */
export async function deliver({ raw, clock }: House): Promise<void> {
  for (let rows = await raw.claim(clock.now(), 10); rows.length > 0; rows = await raw.claim(clock.now(), 10))
    for (const { id } of rows) await raw.mark(id, 'sent');
}
