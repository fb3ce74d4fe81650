import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MINUTE } from '../core/calendar.ts';
import type { Clock } from '../ports.ts';
import type { Log } from '../shell/log.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
import { freeShare } from '../store/ballast.ts';
import { BACKUPS_SINCE, LAST_GOOD_BACKUP } from '../store/port.ts';
import type { Hub } from './hub.ts';

/** What happens beside the pages: timers fire, old bodies are emptied, backups are made. */

/** How often it is looked whether something is due. */
const TICK = 500;
const TIMERS_AT_ONCE = 64;
const DAY = 24 * 60 * MINUTE;
const BACKUP_EVERY = 60 * MINUTE;
const AGAIN_AFTER = 10 * MINUTE;
const LAST_BACKUP = 'backup.last';
/** One that hangs must not keep all later ones away. */
const BACKUP_ENDS_WITHIN = 30 * MINUTE;
/** Below this share of free space an operator should hear of it. */
const FREE_AT_LEAST = 0.1;
const LAST_PRUNE = 'prune.last';
/** The exit code of a backup that looked and found something wrong. */
const NOT_WHOLE = 1;
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface HousekeepingParts {
  readonly hub: Hub;
  readonly machine: Clock;
  readonly log: Log;
  readonly environment: NodeJS.ProcessEnv;
  /** Are hourly backups made? Not of the demonstration: they would push real ones out of their folder. */
  readonly backups: boolean;
  /** A copy that is not whole is of a database that is not. */
  readonly safe?: Pick<SafeMode, 'enter'> | undefined;
}

export interface Housekeeping {
  /** Ends it, and resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

export function startHousekeeping(parts: HousekeepingParts): Housekeeping {
  const { hub, machine, log, environment, backups } = parts;
  const { engine, clock } = hub;
  const { store } = engine;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let child: ReturnType<typeof spawn> | undefined;

  async function fire(): Promise<void> {
    if (hub.demo?.isMoving() === true) return;
    for (let due = engine.nextDue(); due !== undefined && due <= clock.now() && !stopped; due = engine.nextDue()) {
      const fired = await engine.fireDue();
      hub.changes.tell();
      // What is still due was put off or could not be carried out: it is looked at again at the next tick.
      if (fired < TIMERS_AT_ONCE) return;
    }
  }

  /** Also where the last time lies far ahead: the clock was wrong then, and nothing waits until it was right. */
  const isTime = (name: string, every: number): boolean =>
    Math.abs(machine.now() - Number(store.meta(name) ?? 0)) >= every;

  async function prune(): Promise<void> {
    if (!isTime(LAST_PRUNE, DAY)) return;
    await store.setMeta(LAST_PRUNE, String(machine.now()));
    await store.prune(clock.now());
  }

  async function backUp(): Promise<void> {
    if (!backups || child !== undefined || !isTime(LAST_BACKUP, BACKUP_EVERY)) return;
    if (store.meta(BACKUPS_SINCE) === undefined) await store.setMeta(BACKUPS_SINCE, String(machine.now()));
    await store.setMeta(LAST_BACKUP, String(machine.now()));
    const free = freeShare(hub.sight.database);
    if (free < FREE_AT_LEAST)
      log.warn('the disk of the database is nearly full: make room, or move it', {
        freePercent: Math.round(free * 100),
      });
    const made = spawn(process.execPath, [MAIN, 'backup', '--db', hub.sight.database], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: BACKUP_ENDS_WITHIN,
      killSignal: 'SIGKILL',
    });
    child = made;
    let said = '';
    made.stderr.on('data', (data: Buffer) => {
      said = `${said}${data.toString()}`.slice(-2_000);
    });
    made.on('error', (error) => void log.fault('the backup could not be started', error));
    made.on('close', (code) => {
      child = undefined;
      if (!stopped) backedUp(code, said.trim()).catch((error: unknown) => void log.fault('a backup was lost', error));
    });
  }

  async function backedUp(code: number | null, said: string): Promise<void> {
    if (code === 0) return store.setMeta(LAST_GOOD_BACKUP, String(machine.now()));
    log.warn('the backup was not made', { code, said });
    if (code === NOT_WHOLE) return parts.safe?.enter('corrupt', 'a copy of the database is not whole');
    await store.setMeta(LAST_BACKUP, String(machine.now() - BACKUP_EVERY + AGAIN_AFTER));
  }

  async function tick(): Promise<void> {
    // In safe mode nothing is decided, and nothing of it is copied over what is good.
    if (engine.readOnly() !== undefined && parts.safe !== undefined) return;
    try {
      await fire();
      await prune();
      await backUp();
    } catch (error) {
      // A full disk, say: the engine is read-only and says so; the next tick tries again.
      if (!stopped) log.warn('a round of housekeeping was not finished', { why: String(error) });
    }
  }

  const timer = setInterval(() => {
    running = running.then(() => (stopped ? undefined : tick()));
  }, TICK);
  running = tick();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      child?.kill();
      await running;
    },
  };
}
