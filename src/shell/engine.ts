import type { Catalogue, Outcome } from '../core/command.ts';
import { decide, type Input, isQuestion, pagesToCheck } from '../core/decide.ts';
import { createDraft, type World } from '../core/draft.ts';
import { follow, type TrackerNews } from '../core/incoming.ts';
import type { SystemCommand } from '../core/message.ts';
import { REMINDERS } from '../core/reminders.ts';
import { readRoster } from '../core/roster.ts';
import { decideSystem } from '../core/system.ts';
import { type Text, toPlain } from '../core/text.ts';
import type { Clock, LinkCheck } from '../ports.ts';
import { type Commit, type OutboxRow, type Reader, type Store, TurnFailed, type WorkResult } from '../store/port.ts';
import { numbered, toCommit } from './commit.ts';
import type { Log } from './log.ts';
import { createWorld, cronOf, nextReminder, type Policies, probeKey } from './world.ts';
import { createWriter, type Writer } from './writer.ts';

/** An answer as it is stored and shown. */
export interface Answer {
  readonly ok: boolean;
  readonly code: string;
  readonly rule?: string;
  readonly needs?: readonly string[];
  readonly key?: string;
  readonly completed?: true;
  readonly text: string;
  readonly nodes: Text;
}

export interface Engine {
  /** Decides, commits, then answers. With an id, a redelivery changes nothing and gets the same answer. */
  handle(input: Input, id?: string): Promise<Answer>;
  /** Follows verified news of stories and issues. */
  follow(news: readonly TrackerNews[], via: string, id: string): Promise<void>;
  /** Fires what is due now, in order. Resolves to how many timers there were. */
  fireDue(): Promise<number>;
  nextDue(): number | undefined;
  /** The recorded world, for pages and questions. */
  world(actor?: string): World;
  /** Told of every message right after its commit. */
  onMessages(listener: (rows: readonly OutboxRow[]) => void): void;
  /** Why nothing is written at present; undefined when all is well. */
  readOnly(): string | undefined;
  readonly store: Store;
  readonly catalogue: Catalogue;
  readonly policies: Policies;
  drained(): Promise<void>;
}

export interface EngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly policies: Policies;
  readonly catalogue: Catalogue;
  readonly links: LinkCheck;
  readonly log: Log;
}

const LATE_AFTER = 60_000;
const TIMERS_AT_ONCE = 64;

/** Puts the parts together and reads the roster and the reminders into the store. */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const { store, clock, policies, catalogue, links, log } = parts;
  const listeners: ((rows: readonly OutboxRow[]) => void)[] = [];
  let trouble: string | undefined;
  const writer: Writer = createWriter(store);
  const worldOf = (read: Reader, now: number, actor: string, probes?: ReadonlyMap<string, number>) =>
    createWorld(policies, read, now, actor, probes);
  const record = (read: Reader, commit: Commit): Commit =>
    numbered(commit, (stream) => read.state(stream)?.version ?? 0);

  /** Submits a work and tells everyone of its messages; a whole turn that failed makes the process read-only. */
  async function submit(work: Parameters<Writer['submit']>[0]): Promise<WorkResult> {
    try {
      const result = await writer.submit(work);
      trouble = undefined;
      if (result.result === 'done' && result.outbox.length > 0)
        for (const listener of listeners) listener(result.outbox);
      return result;
    } catch (error) {
      if (error instanceof TurnFailed && error.reason !== 'closed') {
        trouble = error.reason === 'full' ? 'the disk is full' : 'the disk does not take what is written';
        log.fault('nothing is written: the process is read-only', error);
      }
      throw error;
    }
  }

  async function handle(input: Input, id?: string): Promise<Answer> {
    try {
      if (isQuestion(catalogue, input.text))
        return toAnswer(decide(worldOf(store, clock.now(), input.as), catalogue, input).outcome);
      const probes = await checkPages(input);
      const result = await submit({
        ...(id === undefined ? {} : { inbox: { id, body: input } }),
        decide: (read, now) => {
          const actor = actorOf(read, now, input);
          const { outcome, draft } = decide(worldOf(read, now, actor, probes), catalogue, input);
          const answer = toAnswer(outcome);
          const mirrors = [...probes].map(([url, status]) => ({ key: probeKey(url), at: now, data: { status } }));
          // A refusal leaves nothing behind but its own record.
          const kept = outcome.ok ? draft : createDraft(worldOf(read, now, actor));
          return record(read, toCommit(kept, { via: input.via, outcome: answer, mirrors }));
        },
      });
      return result.result === 'fault' ? fault(result.error) : (result.outcome as Answer);
    } catch (error) {
      if (error instanceof TurnFailed) return unavailable(trouble ?? 'too much waits at once');
      return fault(error);
    }
  }

  const actorOf = (read: Reader, now: number, input: Input): string => {
    const world = worldOf(read, now, input.as);
    return world.get('people', 'all')?.accounts[`${input.via}:${input.as}`] ?? input.as;
  };

  async function checkPages(input: Input): Promise<ReadonlyMap<string, number>> {
    const urls = pagesToCheck(worldOf(store, clock.now(), input.as), catalogue, input);
    return new Map(await Promise.all(urls.map(async (url) => [url, await links.check(url)] as const)));
  }

  function fault(error: unknown): Answer {
    const reference = log.fault('a command could not be carried out', error);
    const text = `That went wrong on my side, and nothing was changed. Tell the people who run me: reference ${reference}.`;
    return { ok: false, code: 'fault', text, nodes: [text] };
  }

  async function fireDue(): Promise<number> {
    const now = clock.now();
    const due = store.due(now, TIMERS_AT_ONCE);
    await Promise.all(
      due.map(async (timer) => {
        const result = await submit({
          timer: timer.key,
          decide: (read, at) => {
            const draft = createDraft(worldOf(read, at, 'system'));
            decideSystem(draft, timer.body as SystemCommand, timer.due);
            return record(read, toCommit(draft, { via: 'timer', outcome: null, late: at - timer.due > LATE_AFTER }));
          },
        });
        if (result.result === 'fault') log.fault(`the timer ${timer.key} could not be carried out`, result.error);
      }),
    );
    return due.length;
  }

  async function followNews(news: readonly TrackerNews[], via: string, id: string): Promise<void> {
    const result = await submit({
      inbox: { id, body: news },
      decide: (read, now) => {
        const draft = createDraft(worldOf(read, now, 'system'));
        for (const each of news) follow(draft, each);
        return record(read, toCommit(draft, { via, outcome: null }));
      },
    });
    if (result.result === 'fault') log.fault('an event could not be followed', result.error);
  }

  await prepare();
  return {
    handle, follow: followNews, fireDue, store, catalogue, policies,
    nextDue: () => store.nextTimer()?.due,
    world: (actor = 'system') => worldOf(store, clock.now(), actor),
    onMessages: (listener) => void listeners.push(listener),
    readOnly: () => trouble,
    drained: () => writer.drained(),
  }; // biome-ignore format: a list

  /** The roster of the file, and a timer for every reminder whose time is new or was changed. */
  async function prepare(): Promise<void> {
    await submit({
      decide: (read, now) => {
        const draft = createDraft(worldOf(read, now, 'system'));
        readRoster(draft);
        return record(read, toCommit(draft, { via: 'start', outcome: null }));
      },
    });
    const zone = policies.organisation.timezone;
    const wanted = Object.fromEntries(
      Object.keys(REMINDERS).map((name) => [name, `${cronOf(policies.organisation, name) ?? 'off'} ${zone}`]),
    );
    const known = JSON.parse(store.meta('reminders') ?? '{}') as Record<string, string>;
    const changed = Object.keys(wanted).filter((name) => wanted[name] !== known[name]);
    if (changed.length === 0) return;
    await submit({
      decide: (_read, now) => ({
        events: [], states: [], outbox: [], mirrors: [], outcome: null,
        cleared: changed.map((name) => `reminder/${name}`),
        timers: changed.flatMap((name) => {
          const due = nextReminder(policies.organisation, name, now - 1);
          return due === undefined ? [] : [{ key: `reminder/${name}`, due, body: { do: 'remind', name } }];
        }),
      }),
    }); // biome-ignore format: one commit
    await store.setMeta('reminders', JSON.stringify(wanted));
  }
}

const unavailable = (why: string): Answer => {
  const text = `Not done, nothing was changed: ${why}. Say it again later; questions still work.`;
  return { ok: false, code: 'unavailable', text, nodes: [text] };
};

export function toAnswer(outcome: Outcome): Answer {
  const { text, ...rest } = outcome;
  return { ...rest, text: toPlain(text), nodes: text };
}
