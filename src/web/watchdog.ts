import { execFile } from 'node:child_process';
import type { Log } from '../shell/log.ts';

/**
 * Tells systemd that the process is ready and that its event loop comes round: where it hangs nobody tells, and systemd
 * starts it anew. Node has no datagrams for Unix sockets, so systemd's own tool says it.
 */
export interface Watchdog {
  ready(): void;
  stop(): void;
}

const TOOL = 'systemd-notify';
/** Told so many times within the time after which systemd gives up. */
const TIMES = 3;

export function createWatchdog(environment: NodeJS.ProcessEnv, log: Log): Watchdog {
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = environment;
  if (NOTIFY_SOCKET === undefined) return { ready: () => undefined, stop: () => undefined };
  let hasFailed = false;
  const tell = (...words: readonly string[]): void => {
    execFile(TOOL, words, { env: environment, timeout: 5_000 }, (error) => {
      if (error === null || hasFailed) return;
      hasFailed = true;
      log.warn('systemd could not be told how the process is', { why: error.message });
    });
  };
  const every = Number(WATCHDOG_USEC ?? Number.NaN) / 1_000 / TIMES;
  let timer: NodeJS.Timeout | undefined;
  return {
    ready() {
      tell('--ready', '--status=The bot runs.');
      if (Number.isFinite(every) && every > 0) timer = setInterval(() => tell('WATCHDOG=1'), every);
    },
    stop() {
      clearInterval(timer);
      tell('STOPPING=1');
    },
  };
}
