import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BatonSettings } from './baton-side.ts';
import type { BoltSettings, EchoSettings, GrammySettings } from './other-sides.ts';

/** A server in a process of its own, so that whoever loads it is not counted; held still while it is not its turn. */

/** What runs in the process. */
export interface Side {
  readonly address: string;
  handled(): number;
  /** How much its store holds. */
  weight(): { readonly events: number; readonly messages: number };
  refusals(): readonly string[];
  /** Says something to the core directly. */
  say(as: string, text: string): Promise<string>;
  stop(): Promise<void>;
}

export type Settings =
  | ({ readonly side: 'baton' } & BatonSettings)
  | ({ readonly side: 'bolt' } & BoltSettings)
  | ({ readonly side: 'grammy' } & GrammySettings)
  | ({ readonly side: 'echo' } & EchoSettings);

export type Ask =
  | { readonly n: number; readonly ask: 'figures' | 'stop' }
  | { readonly n: number; readonly ask: 'say'; readonly as: string; readonly text: string };

interface Figures {
  /** Microseconds of the processor, of the program and of the kernel for it. */
  readonly cpu: number;
  readonly handled: number;
  readonly events: number;
  readonly messages: number;
  readonly refusals: readonly string[];
}

export type Told =
  | { readonly address: string }
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly error: string };

export interface Child {
  readonly address: string;
  figures(): Promise<Figures>;
  say(as: string, text: string): Promise<void>;
  /** Stands still from now on, or goes on. */
  hold(still: boolean): void;
  stop(): Promise<void>;
}

export async function startChild(settings: Settings, environment: NodeJS.ProcessEnv = {}): Promise<Child> {
  const profile = process.env.BENCH_PROFILE;
  const child = fork(join(import.meta.dirname, 'serve.ts'), {
    env: { ...process.env, ...environment },
    serialization: 'json',
    execArgv: profile === settings.side ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE_DIR ?? '.'}`] : [],
  });
  const asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const ready = Promise.withResolvers<string>();
  child.on('message', (told: Told) => {
    if ('address' in told) return ready.resolve(told.address);
    const each = asked.get(told.n);
    asked.delete(told.n);
    if ('error' in told) each?.reject(new Error(told.error));
    else each?.resolve(told.value);
  });
  child.once('exit', (code) => {
    const error = new Error(`the ${settings.side} server ended with ${code}`);
    ready.reject(error);
    for (const each of asked.values()) each.reject(error);
  });
  child.send(settings);
  const address = await ready.promise;
  let count = 0;
  const ask = (what: { ask: 'figures' | 'stop' } | { ask: 'say'; as: string; text: string }): Promise<unknown> => {
    count += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    asked.set(count, { resolve, reject });
    child.send({ n: count, ...what } satisfies Ask);
    return promise;
  };
  return {
    address,
    figures: async () => (await ask({ ask: 'figures' })) as Figures,
    say: async (as, text) => void (await ask({ ask: 'say', as, text })),
    hold: (still) => void (profile === undefined && child.kill(still ? 'SIGSTOP' : 'SIGCONT')),
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGCONT');
      await ask({ ask: 'stop' });
      child.disconnect();
      await ended;
    },
  };
}
