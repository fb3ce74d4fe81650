import type { Chance } from './chance.ts';
import type { Loop } from './loop.ts';

/** The way to one platform: what it is like at the moment, what gets lost on it, and where the process may die. */

/** What a call suffers. `late-…`: it was done, and nobody told us. */
export const WEATHERS = ['refused', 'reset', 'time-out', 'late-time-out', '5xx', 'late-5xx', 'slow', '429'] as const;
export type Weather = (typeof WEATHERS)[number];

type Failure =
  | { readonly is: 'later'; readonly after: number; readonly why: string }
  | { readonly is: 'away'; readonly why: string }
  | { readonly is: 'uncertain'; readonly why: string };

export interface Network {
  /** Calls the platform: `act` is what it does there. Never resolves for who died in between. */
  call<T extends object>(method: string, act: () => T): Promise<T | Failure>;
  /** From now on, for so long. `after`: the Retry-After that a 429 gives. */
  turn(weather: Weather, milliseconds: number, after: number): void;
  /** Can anything get through, in either direction? */
  isAway(): boolean;
  /** Until when something is wrong: the last of the weather, or of a pause that the platform asked for. */
  troubledUntil(): number;
  clear(): void;
  /** Calls that were made although the platform had asked for a pause. */
  hurried(): number;
}

export interface NetworkParts {
  readonly name: string;
  readonly loop: Loop;
  readonly chance: Chance;
  /** The process may die here. True: it has. */
  dies(point: string, place: 'before' | 'after'): boolean;
  /** Who asks now: tells later whether that process still lives. */
  pulse(): () => boolean;
  trace(line: string): void;
  met(situation: string): void;
}

/** After these more is to come soon; to ask what is new is nothing new. */
const ACTS: ReadonlySet<string> = new Set(['send', 'edit', 'find', 'perform']);
const TIME_OUT = 15_000;
const STRIKES = 0.65;
/** What was taken up before anybody knew of a pause may still be begun in it; more than that is impatience. */
const TAKEN_UP = 8;
/** Who asks what is new waits by itself: those who send hear nothing of that. */
const groupOf = (method: string): string => (method === 'getUpdates' ? 'asks' : 'acts');

export function createNetwork({ name, loop, chance, dies, pulse, trace, met }: NetworkParts): Network {
  let weather: { readonly is: Weather; readonly until: number; readonly after: number } | undefined;
  let paused = { until: 0, calls: 0 };
  /** Which processes were told of a pause, and until when it lasts. */
  const told = new Map<string, { readonly until: number; isAlive(): boolean }>();
  const isTold = (method: string): boolean => {
    const last = told.get(groupOf(method));
    return last !== undefined && loop.now() < last.until && last.isAlive();
  };
  let hurried = 0;
  const now = (): Weather | undefined => (weather !== undefined && loop.now() < weather.until ? weather.is : undefined);

  /** What becomes of this call; undefined: nothing is wrong with it. */
  function fateOf(method: string): Weather | undefined {
    const is = now();
    if (is === undefined) return undefined;
    if (is === 'refused') return is;
    return chance.is(`${name}.${method}.struck`, STRIKES) ? is : undefined;
  }

  function tooFast(knows: boolean): Failure | undefined {
    if (loop.now() < paused.until) {
      if (knows) paused.calls += 1;
      if (knows && paused.calls > TAKEN_UP) hurried += 1;
    } else if (now() === '429' && weather !== undefined) {
      paused = { until: loop.now() + weather.after, calls: 0 };
      met('429 storm');
    } else return undefined;
    return { is: 'later', after: Math.max(1, Math.ceil(paused.until - loop.now())), why: '429' };
  }

  function arrive<T extends object>(
    method: string,
    fate: Weather | undefined,
    knows: boolean,
    act: () => T,
  ): T | Failure {
    const slowed = fate === undefined || fate === '429' || fate === 'slow' ? tooFast(knows) : undefined;
    if (slowed !== undefined) return slowed;
    if (fate === 'time-out' || fate === 'reset' || fate === '5xx') return { is: 'uncertain', why: fate };
    const done = act();
    if (fate !== 'late-5xx' && fate !== 'late-time-out') return done;
    if (method === 'send' || method === 'perform') met('uncertain, and done');
    return { is: 'uncertain', why: fate };
  }

  return {
    call(method, act) {
      const point = `${name}.${method}`;
      return new Promise((resolve) => {
        if (dies(point, 'before')) return;
        const isAlive = pulse();
        const knows = isTold(method);
        const fate = fateOf(method);
        const way = chance.between(`${point}.way`, 2, fate === 'slow' ? 6_000 : 60);
        const give = (answer: Parameters<typeof resolve>[0], after: number): void =>
          loop.after(after, () => {
            if (!isAlive()) return;
            if ('is' in answer && answer.is === 'later') told.set(groupOf(method), { until: paused.until, isAlive });
            if (now() !== 'refused' && ACTS.has(method)) loop.touch();
            resolve(answer);
          });
        if (fate === 'refused') return give({ is: 'away', why: 'ECONNREFUSED' }, 2);
        loop.after(way, () => {
          const answer = arrive(method, fate, knows, act);
          const isLost = 'is' in answer && answer.is === 'uncertain';
          trace(`${point} ${fate ?? 'ok'}${'is' in answer ? ` ${String(answer.is)}` : ''}`);
          if (isAlive() && dies(point, 'after')) return;
          give(answer, isLost && fate !== '5xx' && fate !== 'reset' ? TIME_OUT : way);
        });
      });
    },
    turn(is, milliseconds, after) {
      weather = { is, until: loop.now() + milliseconds, after };
    },
    isAway: () => now() === 'refused',
    troubledUntil: () => Math.max(weather?.until ?? 0, paused.until),
    clear() {
      weather = undefined;
    },
    hurried: () => hurried,
  };
}
