import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { patience } from './patience.ts';
import type { FromWorker, Survey, ToWorker, Trial, Tried } from './protocol.ts';

/** A process that tries mutants, and what is done when it does not answer. */

export interface Worker {
  survey(): Promise<Survey>;
  attempt(trial: Trial): Promise<Tried>;
  stop(): void;
}

export interface Place {
  readonly folder: string;
  readonly testFiles: readonly string[];
  /** What each test takes without a mutant; a worker finds it in `known.json`. */
  readonly known: Readonly<Record<string, number>>;
}

const STARTING = 120_000;

/** Starts one; with a mutant, it is active from the first line that is loaded. */
export function startWorker({ folder, testFiles, known }: Place, mutant?: string): Worker {
  const child = fork(join(folder, 'test/mutation/worker.ts'), {
    cwd: folder,
    execArgv: ['--import', join(folder, 'test/mutation/hooks.ts'), '--max-old-space-size=1500', '--no-warnings'],
    stdio: ['ignore', 'ignore', process.env.MUTATION_LOUD === undefined ? 'ignore' : 'inherit', 'ipc'],
    env: {
      ...{ ...process.env, NODE_ENV: 'test', VITEST: '1', NODE_COMPILE_CACHE: join(folder, '.compiled') },
      TEST_FILES: JSON.stringify(testFiles),
      ...(mutant === undefined ? {} : { MUTANT: mutant }),
    },
  });
  if (child.pid !== undefined) setPriority(child.pid, 5);
  let hear: (message: FromWorker | 'silent' | 'ended') => void = () => undefined;
  let ready = false;
  let watchdog: NodeJS.Timeout | undefined;
  const watch = (milliseconds: number): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => hear('silent'), milliseconds);
  };
  const waiting: ToWorker[] = [];
  const send = (message: ToWorker): void => void (ready ? child.send(message) : waiting.push(message));
  child.on('message', (message: FromWorker) => {
    if (message.say !== 'ready') return hear(message);
    ready = true;
    for (const each of waiting.splice(0)) child.send(each);
  });
  child.on('error', () => hear('ended'));
  child.on('exit', () => hear('ended'));
  const stop = (): void => {
    clearTimeout(watchdog);
    hear = () => undefined;
    child.kill('SIGKILL');
  };
  return {
    stop,
    survey: () =>
      new Promise((resolve, reject) => {
        hear = (message) => {
          if (message === 'ended') reject(new Error('the tests can not be loaded; MUTATION_LOUD=1 shows why'));
          else if (message !== 'silent' && message.say === 'survey') resolve(message.survey);
        };
        send({ ask: 'survey' });
      }),
    attempt: (trial) =>
      new Promise((resolve) => {
        let by = 'loading';
        watch(STARTING);
        const end = (tried: Tried): void => {
          clearTimeout(watchdog);
          resolve(tried);
        };
        hear = (message) => {
          if (message === 'silent') end({ mutant: trial.mutant, verdict: 'timeout', by, clean: false });
          else if (message === 'ended') end({ mutant: trial.mutant, verdict: 'killed', by, clean: false });
          else if (message.say === 'tried') end(message.tried);
          else if (message.say === 'begins') {
            by = message.test;
            watch(2 * patience(known[by]) + 10_000);
          }
        };
        send({ ask: 'try', trial });
      }),
  };
}
