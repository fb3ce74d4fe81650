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
  /** Ends it: without a word, unless another signal was asked for. */
  kill(): Promise<void>;
  /** Ends itself before or after its k-th commit from now; undefined: it does not. */
  arm(point: { readonly side: 'before' | 'after'; readonly left: number } | undefined): void;
  /** Gives an order to what was loaded into it beside the bot. */
  tell(order: object): void;
  isRunning(): boolean;
  /** Resolves when it has ended, whoever ended it. */
  ended(): Promise<void>;
  readonly complaints: readonly string[];
  /** Of the process that runs now. */
  readonly pid: number | undefined;
}

/** How the process is started, where it is not just started. */
export interface Launch {
  /** A command that becomes the process: `nice`, or a shell that sets a limit. */
  through?: readonly string[];
  /** Options of Node's. */
  options?: readonly string[];
}

export function createBotProcess(
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL',
  /** What is to be looked at before it runs (again): nothing of it runs then. */
  beforeStart: () => void = () => undefined,
  /** Read anew at each start. */
  launch: Launch = {},
): BotProcess {
  let child: ChildProcess | undefined;
  let exit: Promise<void> = Promise.resolve();
  const complaints: string[] = [];

  /** It has been asked to end, and may take its time. */
  let isEnding = false;
  const isThere = (): boolean => child !== undefined && child.exitCode === null && child.signalCode === null;
  const isRunning = (): boolean => isThere() && !isEnding;
  const ended = (): Promise<void> => (isThere() ? exit : Promise.resolve());

  return {
    isRunning,
    ended,
    complaints,
    get pid() {
      return child?.pid;
    },
    async start() {
      if (isRunning()) return;
      await ended();
      if (isRunning()) return;
      isEnding = false;
      const kept = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|TMPDIR|TZ|LANG)$/.test(name));
      beforeStart();
      const command = [...(launch.through ?? []), process.execPath, ...(launch.options ?? [])];
      const started = spawn(command[0] ?? '', [...command.slice(1), '--import', CRASH_POINTS, MAIN, 'start'], {
        cwd: folder,
        env: { ...Object.fromEntries(kept), LOG_LEVEL: 'error', CRASH_SIGNAL: signal, ...environment },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = started;
      exit = once(started, 'exit').then(() => undefined);
      started.on('message', () => {
        if (child === started) isEnding = true;
      });
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
      isEnding = true;
      child?.kill(signal);
      await over;
    },
    arm: (point) => {
      if (isRunning() && child?.connected === true) child.send(point ?? {}, () => undefined);
    },
    tell: (order) => {
      if (isRunning() && child?.connected === true) child.send(order, () => undefined);
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
