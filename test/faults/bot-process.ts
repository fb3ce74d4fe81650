import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

/** The bot as a process of its own that is ended by `kill -9`, at a moment that the test names, and started again. */

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const CRASH_POINTS = resolve(import.meta.dirname, 'crash-points.ts');

export interface BotProcess {
  /** Starts it, where it does not run; resolves once it has said where its board is. */
  start(): Promise<void>;
  /** Ends it without a word. */
  kill(): Promise<void>;
  /** Ends itself before or after its k-th commit from now; undefined: it does not. */
  arm(point: { readonly side: 'before' | 'after'; readonly left: number } | undefined): void;
  isRunning(): boolean;
  /** Resolves when it has ended, whoever ended it. */
  ended(): Promise<void>;
  readonly complaints: readonly string[];
}

export function createBotProcess(folder: string, environment: Readonly<Record<string, string>>): BotProcess {
  let child: ChildProcess | undefined;
  let exit: Promise<void> = Promise.resolve();
  const complaints: string[] = [];

  const isRunning = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const ended = (): Promise<void> => (isRunning() ? exit : Promise.resolve());

  return {
    isRunning,
    ended,
    complaints,
    async start() {
      if (isRunning()) return;
      const kept = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|TMPDIR|TZ|LANG)$/.test(name));
      const started = spawn(process.execPath, ['--import', CRASH_POINTS, MAIN, 'start'], {
        cwd: folder,
        env: { ...Object.fromEntries(kept), LOG_LEVEL: 'error', ...environment },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = started;
      exit = once(started, 'exit').then(() => undefined);
      let said = '';
      const { promise, resolve: ready, reject } = Promise.withResolvers<void>();
      started.stdout?.on('data', (data: Buffer) => {
        said += data.toString();
        if (/http:\/\/\S+\//.test(said)) ready();
      });
      started.stderr?.on('data', (data: Buffer) => void complaints.push(data.toString()));
      started.once('exit', () => reject(new Error(`it ended: ${said}${complaints.join('')}`)));
      await promise;
    },
    async kill() {
      const over = ended();
      child?.kill('SIGKILL');
      await over;
    },
    arm: (point) => {
      if (isRunning()) child?.send(point ?? {});
    },
  };
}

/** A port that is free now, and the same at each start. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
