import { MINUTE } from '../core/calendar.ts';
import type { ChatAdapter, Clock } from '../ports.ts';
import type { Settings } from '../settings.ts';
import type { Connections } from '../shell/connections.ts';
import type { Engine } from '../shell/engine.ts';
import type { Log } from '../shell/log.ts';
import type { SafeMode } from '../shell/safe-mode.ts';
import { createSafeVoice } from '../shell/safe-mode-voice.ts';
import { createAuditor } from './auditor.ts';
import { createHealth } from './health.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createMetrics } from './metrics.ts';
import type { Probe } from './server.ts';
import { createWatchdog } from './watchdog.ts';

/** What watches over the process as one: safe mode's voice, the auditor, the watchdog, health and figures. */

export interface Guardian {
  readonly probes: ReadonlyMap<string, Probe>;
  /** The process is ready: begins to watch. */
  start(): void;
  stop(): Promise<void>;
}

export interface GuardianParts {
  readonly engine: Engine;
  readonly safe: SafeMode | undefined;
  readonly connections: Connections;
  readonly adapters: readonly ChatAdapter[];
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  /** The database's file. */
  readonly database: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Nobody is told of what is late in the demonstration. */
  readonly audits: boolean;
  shout(line: string): void;
}

const BEAT = 500;
/** A loop that did not come round for so long is worth a line. */
const LONG = 5_000;

export function createGuardian(parts: GuardianParts): Guardian {
  const { engine, safe, connections, clock, log, settings } = parts;
  const steady = (): number => performance.now();
  let beat = steady();
  const lag = (): number => Math.max(0, steady() - beat - BEAT);
  const voice = safe === undefined ? undefined : createSafeVoice({ ...parts, safe });
  const watchdog = createWatchdog(parts.environment, log);
  const metrics = createMetrics({
    engine,
    safe,
    connections,
    clock,
    database: parts.database,
    token: settings.BATON_METRICS_TOKEN,
  });
  const ping = createHeartbeat(settings.BATON_HEARTBEAT_URL, log);
  const auditor = createAuditor({ ...parts, ping });
  const timers: NodeJS.Timeout[] = [];
  let auditing: Promise<unknown> = Promise.resolve();

  function audit(): void {
    auditing = auditing.then(() => auditor.audit()).catch((error: unknown) => void log.fault('an audit failed', error));
  }

  return {
    probes: new Map([...createHealth({ engine, safe, connections, lag, steady }), ['/metrics', metrics.probe]]),
    start() {
      voice?.start();
      watchdog.ready();
      const turn = setInterval(() => {
        if (lag() > LONG) log.warn('the event loop hung', { milliseconds: Math.round(lag()) });
        beat = steady();
      }, BEAT);
      timers.push(turn);
      if (parts.audits) timers.push(setInterval(audit, MINUTE));
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      watchdog.stop();
      metrics.stop();
      await Promise.all([voice?.stop(), auditing]);
    },
  };
}
