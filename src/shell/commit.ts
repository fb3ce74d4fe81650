import type { Draft, World } from '../core/draft.ts';
import { type Message, noEffects, type SentKind, type To } from '../core/message.ts';
import { react } from '../core/react.ts';
import { isOpen, streamId } from '../core/streams.ts';
import { toPlain } from '../core/text.ts';
import type { Commit, Lane, MirrorRow, OutboxDraft, StateRow } from '../store/port.ts';

/** What an outbox row holds of a message: its nodes for the adapters, its plain text for everyone else. */
export interface MessageBody {
  readonly text: string;
  readonly nodes: Message['text'];
  /** Set where what it shows changes with what happens. */
  readonly live?: Message['live'];
}

/** Where a message goes: an address a row; undefined: it has none but its own destination. */
export type Route = (world: World, to: To) => readonly string[] | undefined;

const LANES: Readonly<Record<SentKind, Lane>> = {
  page: 'page', 'page-test': 'page', 'held-alert': 'page', escalation: 'page', 'vote-opened': 'card', 'vote-closed': 'card', digest: 'digest',
  agenda: 'digest', freeze: 'digest', 'on-call': 'digest', offer: 'answer', 'vote-reminder': 'answer', sla: 'answer', invitation: 'answer',
  announcement: 'answer', hint: 'answer', request: 'answer', task: 'answer', completed: 'answer',
}; // biome-ignore format: a table

interface Details {
  readonly via: string;
  readonly outcome: unknown;
  readonly late?: boolean;
  readonly mirrors?: readonly MirrorRow[];
  readonly route?: Route | undefined;
  /** Further rows of the outbox: the answer, where it is not the response. */
  readonly said?: readonly OutboxDraft[];
}

/** Everything that a decision leaves behind: its events, the states after them, and what follows. */
export function toCommit(draft: Draft, details: Details): Commit {
  const effects = noEffects();
  const events: Commit['events'][number][] = [];
  const states = new Map<string, StateRow>();
  const versions = new Map<string, number>();
  for (const happening of draft.happenings) {
    const stream = streamId(happening.stream, happening.id);
    const version = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    const { type, ...data } = happening.event;
    events.push({ stream, version, type, at: draft.now, actor: draft.actor, via: details.via, data });
    states.set(stream, {
      stream,
      type: happening.stream,
      version,
      open: isOpen(happening.stream, happening.after),
      state: happening.after,
    });
    react(draft, happening, effects);
  }
  return {
    events,
    states: [...states.values()],
    outbox: [...effects.messages.flatMap((message) => toOutbox(draft, message, details)), ...(details.said ?? [])],
    timers: effects.timers.map(({ key, due, run }) => ({ key, due, body: run })),
    cleared: effects.cleared,
    mirrors: details.mirrors ?? [],
    outcome: details.outcome,
  };
}

/** Versions count from what is recorded; a draft only knows how many events it adds to each stream. */
export function numbered(commit: Commit, recorded: (stream: string) => number): Commit {
  const base = new Map<string, number>();
  const from = (stream: string): number => {
    const known = base.get(stream) ?? recorded(stream);
    base.set(stream, known);
    return known;
  };
  return {
    ...commit,
    events: commit.events.map((event) => ({ ...event, version: event.version + from(event.stream) })),
    states: commit.states.map((state) => ({ ...state, version: state.version + from(state.stream) })),
  };
}

/** A row for each address: every platform has its own order, its own try and its own end. */
function toOutbox(draft: Draft, { kind, to, key, text, live }: Message, details: Details): OutboxDraft[] {
  const body: MessageBody = { text: toPlain(text), nodes: text, ...(live === undefined ? {} : { live }) };
  const row = { kind, lane: LANES[kind], to, key, at: draft.now, late: details.late === true, body };
  const addresses = details.route?.(draft, to);
  return addresses === undefined || addresses.length === 0 ? [row] : addresses.map((address) => ({ ...row, address }));
}
