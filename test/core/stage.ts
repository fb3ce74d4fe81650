import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { loadCommands, loadProcesses, loadRules } from '../../src/catalogue.ts';
import type { Outcome } from '../../src/core/command.ts';
import { decide, identify } from '../../src/core/decide.ts';
import { settleDeployments } from '../../src/core/deploying.ts';
import { createDraft, type Draft, type PastEvent, type World } from '../../src/core/draft.ts';
import type { TrackerNews } from '../../src/core/incoming.ts';
import type { Forges, Order } from '../../src/core/job.ts';
import { type Message, noEffects, type Timer } from '../../src/core/message.ts';
import type { Organisation } from '../../src/core/organisation.ts';
import { react } from '../../src/core/react.ts';
import { REMINDERS } from '../../src/core/reminders.ts';
import { isOpen, type States, type StreamType } from '../../src/core/streams.ts';
import { decideSystem } from '../../src/core/system.ts';
import { toPlain } from '../../src/core/text.ts';
import { parseOrganisation, readOrganisation } from '../../src/shell/read-organisation.ts';
import { nextReminder } from '../../src/shell/world.ts';

/** The core alone on a stage: no store, no shell; what was decided is kept in memory, and every message is there to look at. */

const ORGANISATION = join(import.meta.dirname, '../transcripts/organisation.yaml');
const MONDAY = Date.parse('2026-11-23T10:00:00+01:00');

export const catalogue = await loadCommands();
/** Every command once, aliases left out. */
export const everyCommand = [...new Set(catalogue.commands.values())];
const rules = await loadRules();
const loaded = loadProcesses();
if ('problems' in loaded) throw new Error(loaded.problems.join());
const { processes } = loaded;

export interface Where {
  readonly via?: string;
  readonly place?: string | null;
  readonly thread?: string;
  readonly pressed?: boolean;
  readonly handle?: string;
}

export interface Said {
  readonly outcome: Outcome;
  readonly code: string;
  readonly text: string;
  readonly messages: readonly Message[];
}

export type Stage = ReturnType<typeof createStage>;

/** A path of an organisation's file, or the text of one. */
function readOrganisationOf(from: string): Organisation {
  const read = from.includes('\n') ? parseOrganisation('organisation.yaml', from) : readOrganisation(from);
  if ('problems' in read) throw new Error(read.problems.join());
  return read.organisation;
}

/** The forges of a stage: connected ones, and what they answer when they are asked. */
export interface OnForges {
  readonly forges: Forges;
  look?(ref: string): TrackerNews | null | undefined;
}

export function createStage(from: string = ORGANISATION, on?: OnForges) {
  const organisation = readOrganisationOf(from);
  const states = new Map<string, { type: StreamType; state: unknown }>();
  const past = new Map<string, PastEvent[]>();
  const timers = new Map<string, Timer>();
  const messages: Message[] = [];
  const orders: Order[] = [];
  const watchers: ((messages: readonly Message[]) => void)[] = [];
  let now = MONDAY;
  let codes = 0;

  const world = (actor = 'system'): World => ({
    now,
    actor,
    organisation,
    rules,
    processes,
    processOf: (hash) => [...processes.values()].find((version) => version.hash === hash),
    get: <T extends StreamType>(type: T, id: string) => states.get(`${type}/${id}`)?.state as States[T] | undefined,
    open: <T extends StreamType>(type: T) =>
      [...states.values()].flatMap((row) =>
        row.type === type && isOpen(type, row.state as States[T]) ? [row.state as States[T]] : [],
      ),
    history: (type, id) => past.get(`${type}/${id}`) ?? [],
    probe: () => 200,
    ...(on === undefined ? {} : { forges: on.forges, looked: (ref: string) => on.look?.(ref) }),
    nextReminder: (name, after) => nextReminder(organisation, name, after),
    newCode: () => {
      codes += 1;
      return `CODE-${String(codes).padStart(4, 'A')}`;
    },
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });

  /** Keeps what a draft brought about; returns what follows from it. */
  function keep(draft: Draft, via: string): Message[] {
    settleDeployments(draft);
    const effects = noEffects();
    for (const happening of draft.happenings) {
      const stream = `${happening.stream}/${happening.id}`;
      const { type, ...data } = happening.event;
      const events = past.get(stream) ?? [];
      past.set(stream, [...events, { version: events.length + 1, type, at: now, actor: draft.actor, via, data }]);
      states.set(stream, { type: happening.stream, state: happening.after });
      react(draft, happening, effects);
    }
    for (const cleared of effects.cleared)
      for (const key of timers.keys())
        if (key === cleared || (cleared.endsWith('/') && key.startsWith(cleared))) timers.delete(key);
    for (const timer of effects.timers) timers.set(timer.key, timer);
    messages.push(...effects.messages);
    orders.push(...effects.orders);
    for (const watcher of watchers) watcher(effects.messages);
    return effects.messages;
  }

  function decided(as: string, text: string, where: Where) {
    const {
      via = as.includes(':') ? (as.split(':')[0] ?? '') : 'web',
      place = null,
      pressed = false,
      thread,
      handle,
    } = where;
    const input = {
      as,
      via,
      place,
      text,
      pressed,
      ...(thread === undefined ? {} : { thread }),
      ...(handle === undefined ? {} : { handle }),
    };
    return { via, ...decide(world(identify(world(), as, via).id), catalogue, input) };
  }

  function say(as: string, text: string, where: Where = {}): Said {
    const { outcome, draft, via } = decided(as, text, where);
    const sent = outcome.ok ? keep(draft, via) : [];
    return { outcome, code: outcome.code, text: toPlain(outcome.text), messages: sent };
  }

  /** What would be answered; nothing is kept. */
  function ask(as: string, text: string, where: Where = {}): Said {
    const { outcome } = decided(as, text, where);
    return { outcome, code: outcome.code, text: toPlain(outcome.text), messages: [] };
  }

  /** Says a script of `who: words` lines, each of which must be carried out. */
  function play(script: string): void {
    for (const line of script.split('\n').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))) {
      const [, who = '', words = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
      const { outcome, text } = say(who, words);
      if (!outcome.ok) throw new Error(`${line}: ${outcome.code} ${text}`);
    }
  }

  /** Moves the clock; every timer on the way is carried out at its own instant. */
  function moveTo(moment: string | number): void {
    const target = typeof moment === 'number' ? moment : Date.parse(moment);
    for (;;) {
      const [due] = [...timers.values()].filter((timer) => timer.due <= target).sort((a, b) => a.due - b.due);
      if (due === undefined) break;
      timers.delete(due.key);
      now = Math.max(now, due.due);
      act((draft) => decideSystem(draft, due.run, due.due));
    }
    now = target;
  }

  /** What a part of the shell decides by itself. */
  function act<T>(decided: (draft: Draft) => T): T {
    const draft = createDraft(world('system'));
    const value = decided(draft);
    keep(draft, 'shell');
    return value;
  }

  const watch = (watcher: (messages: readonly Message[]) => void) => void watchers.push(watcher);
  for (const name of Object.keys(REMINDERS)) {
    const due = nextReminder(organisation, name, now - 1);
    if (due !== undefined)
      timers.set(`reminder/${name}`, { key: `reminder/${name}`, due, run: { do: 'remind', name } });
  }
  /** Every stream and how it stands. */
  const everything = (): [string, unknown][] => [...states].map(([name, { state }]) => [name, state]);
  return { world, watch, say, ask, play, moveTo, act, messages, orders, organisation, timers, states: everything };
}
