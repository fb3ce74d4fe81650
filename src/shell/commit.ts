import { settleDeployments } from '../core/deploying.ts';
import type { Draft, World } from '../core/draft.ts';
import type { Job, Order } from '../core/job.ts';
import { withLetters } from '../core/letters.ts';
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
  /** Where a hint about what was just said is given. */
  readonly whisper?: ((hint: OutboxDraft) => OutboxDraft) | undefined;
  /** Further rows of the outbox: the answer, where it is not the response. */
  readonly said?: readonly OutboxDraft[];
}

/** Everything that a decision leaves behind: its events, the states after them, and what follows. */
export function toCommit(draft: Draft, details: Details): Commit {
  settleDeployments(draft);
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
    outbox: [
      ...withLetters(draft, effects.messages).flatMap((message) => toOutbox(draft, message, details)),
      ...effects.orders.map((each) => toJob(draft, each)),
      ...(details.said ?? []),
    ],
    timers: effects.timers.map(({ key, due, run }) => ({ key, due, body: run })),
    cleared: effects.cleared,
    mirrors: details.mirrors ?? [],
    outcome: details.outcome,
  };
}

/** What an outbox row holds of a job. */
export interface JobBody {
  readonly job: Job;
  readonly marker: string;
  /** What hears of its end. */
  readonly of: string;
  readonly text: string;
}

/** A job is a row of the outbox as well: its place's queue keeps the order, and a status comment gives way to a newer one. */
export function toJob(world: World, { platform, where, job, marker, of }: Order): OutboxDraft {
  const isStatus = job.do === 'comment' && job.status;
  const address = `${platform}:${where}`;
  const body: JobBody = { job, marker, of, text: wordsOf(job) };
  return {
    kind: 'job', lane: isStatus || job.do === 'move' ? 'digest' : 'answer', to: { place: address }, address,
    key: isStatus ? job.ref : of, at: world.now, late: false, body,
  }; // biome-ignore format: one row
}

/** The job in words, for the outbox page. */
function wordsOf(job: Job): string {
  switch (job.do) {
    case 'log':
      return `Log in ${job.where}: ${job.title}`;
    case 'comment':
      return `On ${job.ref}: ${job.body}`;
    case 'label':
      return `On ${job.ref}: labels ${[...job.add.map((name) => `+${name}`), ...job.remove.map((name) => `-${name}`)].join(' ')}`;
    case 'turn':
      return `${job.ref}: ${job.to}`;
    case 'move':
      return `${job.ref}: status ${job.status}`;
    case 'pair':
      return `${job.story} with ${job.issue}`;
    case 'circle':
      return `Make the circle ${job.name}`;
    case 'deployment':
      return `Deployment to ${job.environment} ${job.decision}: ${job.comment}`;
    case 'check':
      return `${job.repository}: ${job.summary}`;
    default:
      return job satisfies never;
  }
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
  // Who mentions a developer reads the hint where they wrote, and nobody else does (R3).
  const isHinted = kind === 'hint' && draft.happenings.some(({ event }) => event.type === 'hinted');
  if (isHinted && details.whisper !== undefined) return [details.whisper(row)];
  const addresses = details.route?.(draft, to);
  return addresses === undefined || addresses.length === 0 ? [row] : addresses.map((address) => ({ ...row, address }));
}
