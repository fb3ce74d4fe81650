import { createHash, timingSafeEqual } from 'node:crypto';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Clock } from '../ports.ts';
import type { Connections } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
import { freeShare, journalOf } from '../store/ballast.ts';
import { backedUpAt, LATE_AFTER } from '../store/port.ts';
import type { Probe } from './server.ts';

/**
 * Figures for Prometheus: of the process and its queues, never of people or of what they said. For who asks on this
 * machine, and for who shows the token.
 */

export interface MetricsParts {
  readonly engine: Engine;
  readonly safe: SafeMode | undefined;
  readonly connections: Pick<Connections, 'states' | 'breakers' | 'verified'> & Partial<Pick<Connections, 'heard'>>;
  /** The database's file; undefined: there is none. */
  readonly database?: string;
  readonly clock: Clock;
  readonly token: string | undefined;
}

const LANES = ['page', 'answer', 'card', 'digest'] as const;
const MOST_PARKED = 1_000;

export function createMetrics(parts: MetricsParts): { readonly probe: Probe; stop(): void } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const set = gauges(registry);
  return {
    probe: async ({ isLocal, authorization }) => {
      if (!isLocal && !isShown(parts.token, authorization)) return { status: 404, body: 'Not here.\n' };
      read(parts, set);
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    },
    stop: () => registry.clear(),
  };
}

function gauges(registry: Registry) {
  const gauge = <L extends string>(name: string, help: string, ...labelNames: readonly L[]) =>
    new Gauge<L>({ name: `baton_${name}`, help, labelNames, registers: [registry] });
  const counter = (name: string, help: string) => new Counter({ name: `baton_${name}`, help, registers: [registry] });
  return {
    safeMode: gauge('safe_mode', '1 while nothing is decided'),
    turns: counter('turns_total', 'Transactions of the writer since the start'),
    works: counter('works_total', 'Decisions and receipts committed since the start'),
    events: gauge('events', 'Events in the history'),
    bytes: gauge('database_bytes', 'Size of the database'),
    timers: gauge('timers', 'Timers that wait'),
    waiting: gauge('outbox_waiting', 'Messages that wait to be sent', 'lane'),
    oldest: gauge('outbox_oldest_seconds', 'Age of the oldest message that waits', 'lane'),
    late: gauge('outbox_late', 'Messages that wait for four minutes or more, at most 1000'),
    parked: gauge('outbox_parked', 'Messages that need a person, at most 1000'),
    timerLag: gauge('timer_lag_seconds', 'How late the next thing is that is to happen at its time'),
    heard: gauge('heard_age_seconds', 'Since something came in from a platform and was stored', 'platform'),
    free: gauge('disk_free_ratio', 'The free part of the disk of the database'),
    journal: gauge('journal_bytes', 'Size of the journal beside the database'),
    up: gauge('platform_connected', '1 while a platform is connected', 'platform'),
    breaker: gauge('breaker_open', '1 while a platform is not written to because it is away', 'platform'),
    verified: gauge('verified_age_seconds', 'Since all that is known of a platform was compared with it', 'platform'),
    backup: gauge(
      'backup_age_seconds',
      'Since the last backup that was whole, or since they are made; NaN where none is',
    ),
  };
}

function read({ engine, safe, connections, clock, database }: MetricsParts, set: ReturnType<typeof gauges>): void {
  const now = clock.now();
  const age = (at: number): number => Math.max(0, (now - at) / 1_000);
  const commits = safe?.commits() ?? { turns: 0, works: 0 };
  set.safeMode.set(safe?.doubt() === undefined ? 0 : 1);
  for (const name of ['turns', 'works'] as const) {
    set[name].reset();
    set[name].inc(commits[name]);
  }
  for (const { platform, is } of connections.states()) set.up.set({ platform }, is === 'connected' ? 1 : 0);
  for (const { platform, isOpen } of connections.breakers()) set.breaker.set({ platform }, isOpen ? 1 : 0);
  for (const { platform, at } of connections.verified()) if (at !== undefined) set.verified.set({ platform }, age(at));
  for (const { platform, at } of connections.heard?.() ?? []) set.heard.set({ platform }, age(at));
  try {
    if (database !== undefined) {
      set.free.set(freeShare(database));
      set.journal.set(journalOf(database));
    }
    set.late.set(engine.store.reading.late(now - LATE_AFTER, MOST_PARKED).length);
    set.timerLag.set(age(engine.nextDue() ?? now));
    readStore(engine, set, age);
  } catch {
    // Nothing can be read: safe mode says so, and the figures are those of before.
  }
}

function readStore({ store }: Engine, set: ReturnType<typeof gauges>, age: (at: number) => number): void {
  const { reading } = store;
  const { events, bytes, timers } = reading.figures();
  set.events.set(events);
  set.bytes.set(bytes);
  set.timers.set(timers);
  const waiting = new Map(reading.waiting().map((each) => [each.lane, each]));
  for (const lane of LANES) {
    const found = waiting.get(lane);
    set.waiting.set({ lane }, found?.count ?? 0);
    set.oldest.set({ lane }, found === undefined ? 0 : age(found.oldest));
  }
  set.parked.set(reading.parked(MOST_PARKED).length);
  const backup = backedUpAt((name) => store.meta(name));
  set.backup.set(backup === undefined ? Number.NaN : age(backup));
}

/** Compared by their digests: in a time that says nothing of either, whatever their lengths. */
function isShown(token: string | undefined, authorization: string | undefined): boolean {
  const shown = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined || shown === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(token), digest(shown));
}
