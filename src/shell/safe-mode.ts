import type { Input } from '../core/decide.ts';
import { type Store, TurnFailed } from '../store/port.ts';
import type { Answer } from './engine.ts';
import { NOTHING } from './engine-core.ts';
import type { Log } from './log.ts';
import { EARLIEST, type TrustedClock, whatIsOddAbout } from './safe-mode-clock.ts';
import { type GuardedStore, guardStore } from './safe-mode-store.ts';

/** When unsure it stops: in safe mode nothing is decided and nothing is taken in, until it is sure again. */

type Cause = 'full' | 'io' | 'corrupt' | 'chain' | 'newer' | 'clock';

export interface Doubt {
  readonly cause: Cause;
  /** In a few words, for people. */
  readonly why: string;
  readonly since: number;
}

export interface SafeMode {
  /** What the engine works on. */
  readonly store: Store;
  doubt(): Doubt | undefined;
  /** The line that commands are answered with; undefined: all is well. */
  why(): string | undefined;
  enter(cause: Cause, why: string): void;
  /** Looks at the clock, and at a full disk whether it has room again. */
  look(): Promise<void>;
  /** Proves the next part of the chain. */
  proveNext(): void;
  /** Somebody says that it is over: so it is, where what caused it is. */
  leave(by: string): Promise<{ readonly ok: boolean; readonly text: string }>;
  /**
   * Who decides meanwhile what can not wait, in memory: an acknowledgement. With an id, once; `isLater`: the words are stored,
   * and answered when all is over.
   */
  onAsked(taker: SafeMode['asked']): void;
  asked(input: Input, id: string | undefined, isLater: boolean): Answer | undefined;
  /** Told when it begins and, with undefined, when it ends. */
  onChange(listener: (doubt: Doubt | undefined) => void): void;
  /** What was committed since the start. */
  commits(): { readonly turns: number; readonly works: number };
}

export interface SafeModeParts {
  readonly store: Store & { readonly newer: string | undefined; regain(): boolean };
  readonly clock: { now(): number };
  /** Not of the demonstration, whose clock is moved by hand. */
  readonly trusted?: TrustedClock | undefined;
  /** Proves the whole file; what is wrong with it, a line each. */
  prove(): readonly string[];
  /** Are the states what their events fold to: those that all else stands on, and all of them in steps. */
  readonly states?:
    | { living(): string | undefined; next(after: number): { last: number | undefined; problem: string | undefined } }
    | undefined;
  readonly log: Log;
}

const MIRROR = 'safe-mode';
const STREAM = 'store/store';
const TAIL = 1_000;
const STEP = 5_000;

/** What is graver takes the place of what is lighter, which would hide it. */
const GRAVITY: Readonly<Record<Cause, number>> = { full: 0, clock: 1, io: 2, corrupt: 3, chain: 3, newer: 4 };

const WORDS: Readonly<Record<'full' | 'io' | 'corrupt', string>> = {
  full: 'the disk is full',
  io: 'the disk does not take what is written, or gives nothing back',
  corrupt: 'the database is damaged',
};

interface Doubts {
  now(): Doubt | undefined;
  /** False: there was one already that counts for as much. */
  begin(next: Doubt): boolean;
  /** Dated by the clock; where that is what is in doubt, with the last instant that was sure. */
  enter(cause: Cause, why: string, since?: number): void;
  /** Something could not be read or written. */
  failed(error: unknown): void;
  end(): void;
  readonly listeners: ((doubt: Doubt | undefined) => void)[];
}

function createDoubts({ store, clock, log }: SafeModeParts): Doubts {
  let doubt: Doubt | undefined;
  const doubts: Doubts = {
    listeners: [],
    now: () => doubt,
    begin(next) {
      if (doubt !== undefined && GRAVITY[next.cause] <= GRAVITY[doubt.cause]) return false;
      doubt = next;
      log.warn('safe mode: nothing is decided', { cause: next.cause, why: next.why });
      for (const listener of doubts.listeners) listener(next);
      return true;
    },
    enter(cause, why, since = clock.now()) {
      const next = { cause, why, since };
      if (!doubts.begin(next) || cause === 'newer' || cause === 'corrupt') return;
      record(store, 'safe-mode-entered', 'system', next).catch((error: unknown) => {
        log.warn('safe mode could not be recorded', { why: String(error) });
      });
    },
    failed(error) {
      const cause = error instanceof TurnFailed ? error.reason : store.damage(error);
      if (cause !== undefined && cause !== 'closed' && cause !== 'busy') doubts.enter(cause, WORDS[cause]);
    },
    end() {
      doubt = undefined;
    },
  };
  return doubts;
}

/** Watches over a store. In doubt already where the file says so, or where its end does not hold. */
export function createSafeMode(parts: SafeModeParts): SafeMode {
  const { store, trusted, log } = parts;
  const counted = { turns: 0, works: 0 };
  const doubts = createDoubts(parts);
  let taker: SafeMode['asked'] = () => undefined;
  const prover = createProver(parts, doubts);

  function lookAtClock(): void {
    const step = trusted?.stepped();
    if (step !== undefined && doubts.now() === undefined)
      doubts.enter('clock', `the clock of the machine stepped by ${Math.round(step / 60_000)} minutes`);
  }

  const line = (): string | undefined => {
    const doubt = doubts.now();
    return doubt === undefined ? undefined : `I am in safe mode (${doubt.why})`;
  };
  const guarded: GuardedStore = guardStore(store, {
    why() {
      lookAtClock();
      return line();
    },
    failed: doubts.failed,
    committed: (works) => {
      counted.turns += 1;
      counted.works += works;
    },
  });

  async function end(by: string): Promise<boolean> {
    const cause = doubts.now()?.cause;
    try {
      await record(store, 'safe-mode-left', by, null, cause === 'clock');
      await guarded.resume();
    } catch (error) {
      log.warn('safe mode could not be left', { why: String(error) });
      return false;
    }
    doubts.end();
    log.warn('safe mode is over', { cause, by });
    for (const listener of doubts.listeners) listener(undefined);
    return true;
  }

  atStart(parts, doubts);
  return {
    store: guarded,
    doubt: doubts.now,
    why: line,
    enter: doubts.enter,
    async look() {
      lookAtClock();
      try {
        if (doubts.now()?.cause !== 'full' || !store.regain()) return;
        const [problem] = parts.prove();
        if (problem === undefined) await end('system');
        else doubts.enter('chain', problem);
      } catch (error) {
        doubts.failed(error);
      }
    },
    proveNext: prover.next,
    async leave(by) {
      const doubt = doubts.now();
      if (doubt === undefined) return { ok: true, text: 'It is not in safe mode.' };
      const still = whatStillHolds(parts, doubt);
      if (still !== undefined) return { ok: false, text: `It stays in safe mode: ${still}` };
      if (doubt.cause === 'clock') trusted?.accept();
      if (!(await end(by)))
        return { ok: false, text: 'It stays in safe mode: nothing can be written yet; see the log.' };
      prover.anew();
      return { ok: true, text: 'Safe mode is over; everything goes on.' };
    },
    onAsked: (given) => {
      taker = given;
    },
    asked: (...words) => (doubts.now() === undefined ? undefined : taker(...words)),
    onChange: (listener) => void doubts.listeners.push(listener),
    commits: () => counted,
  };
}

/** Proves the chain in steps, again and again from its beginning; and that no event which was there is gone. */
function createProver({ store, states }: SafeModeParts, { enter, failed }: Doubts) {
  let proved = 0;
  let seen = 0;
  let folded = 0;
  return {
    next(): void {
      try {
        const { seq } = store.head();
        if (seq < seen) return enter('chain', `the events after ${seq} are gone, ${seen} was there`);
        seen = seq;
        const { last, problem } = store.checkChain(proved, STEP);
        if (problem !== undefined) return enter('chain', problem);
        proved = last >= seq ? 0 : last;
        const next = store.newer === undefined ? states?.next(folded) : undefined;
        if (next?.problem !== undefined) return enter('chain', next.problem);
        folded = next?.last ?? 0;
      } catch (error) {
        failed(error);
      }
    },
    anew(): void {
      proved = 0;
      seen = 0;
      folded = 0;
    },
  };
}

/** What the last run left, and whether the file's end and the clock fit together. */
function atStart({ store, clock, trusted, states }: SafeModeParts, { begin, enter, failed }: Doubts): void {
  if (store.newer !== undefined) return enter('newer', store.newer);
  try {
    const before = store.mirror(MIRROR)?.data as Doubt | null | undefined;
    if (before != null) begin(before);
    const { seq } = store.head();
    const { problem } = store.checkChain(Math.max(0, seq - TAIL), TAIL);
    const wrong = problem ?? states?.living();
    if (wrong !== undefined) return enter('chain', wrong);
    const last = store.events(seq - 1, 1)[0]?.at;
    const why = trusted === undefined ? undefined : whatIsOddAbout(clock.now(), last);
    if (why !== undefined) enter('clock', `the clock of the machine ${why}`, last);
  } catch (error) {
    failed(error);
  }
}

/** Why it can not be left yet, with what to do; undefined: it can. Whatever the cause, the file is proved before. */
function whatStillHolds({ store, prove, trusted }: SafeModeParts, { cause }: Doubt): string | undefined {
  switch (cause) {
    case 'newer':
      return `${store.newer ?? 'a newer version wrote the file'}.`;
    case 'full':
      return store.regain() ? whatIsBroken(prove) : 'the disk is full still; make room.';
    case 'io':
    case 'corrupt':
    case 'chain':
      return whatIsBroken(prove);
    case 'clock': {
      const shown = trusted?.shown() ?? EARLIEST;
      return shown < EARLIEST
        ? `the clock of the machine shows ${new Date(shown).toISOString()}; set it.`
        : whatIsBroken(prove);
    }
    default:
      return cause satisfies never;
  }
}

function whatIsBroken(prove: SafeModeParts['prove']): string | undefined {
  const [problem] = prove();
  if (problem === undefined) return undefined;
  return `${problem}. Stop the process and put the last good backup back: baton restore BACKUP.`;
}

/** Past everything else, straight to the file: an event, and what the next start reads. */
async function record(
  store: Store,
  type: 'safe-mode-entered' | 'safe-mode-left',
  actor: string,
  doubt: Doubt | null,
  setsClock = false,
): Promise<void> {
  const [result] = await store.write([
    {
      ...(setsClock ? { setsClock } : {}),
      decide: (read, now) => {
        const version = (read.history(STREAM, 1)[0]?.version ?? 0) + 1;
        // A clock that was just set back a little dates nothing before what was dated already.
        const at = doubt === null ? now : Math.max(doubt.since, store.events(store.head().seq - 1, 1)[0]?.at ?? 0);
        const data = doubt === null ? {} : { cause: doubt.cause, why: doubt.why };
        return {
          ...NOTHING,
          events: [{ stream: STREAM, version, type, at, actor, via: 'safe-mode', data }],
          mirrors: [{ key: MIRROR, at, data: doubt }],
        };
      },
    },
  ]);
  if (result?.result === 'fault') throw result.error;
}
