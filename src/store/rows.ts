import type {
  Destination,
  EventRow,
  Lane,
  MirrorRow,
  OutboxRow,
  OutboxState,
  Post,
  StateRow,
  TimerDraft,
} from './port.ts';

/** The tables' rows as SQLite gives them, and what they are to the port. */

export interface StoredEvent {
  readonly seq: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly at: number;
  readonly actor: string;
  readonly via: string;
  readonly data: string | null;
  readonly digest: string;
  readonly hash: string;
}
export interface StoredState {
  readonly id: number;
  readonly stream: string;
  readonly type: string;
  readonly version: number;
  readonly open: number;
  readonly fold: number;
  readonly state: string;
}
export interface StoredOutbox {
  readonly id: number;
  readonly kind: string;
  readonly lane: string;
  readonly destination: string;
  readonly address: string | null;
  readonly key: string | null;
  readonly at: number;
  readonly late: number;
  readonly body: string | null;
  readonly state: string;
  readonly attempts: number;
  readonly due: number;
  readonly reason: string | null;
}
export interface StoredTimer {
  readonly key: string;
  readonly due: number;
  readonly body: string;
}
export interface StoredMirror {
  readonly key: string;
  readonly at: number;
  readonly data: string;
}

export interface StoredPost {
  readonly id: number;
  readonly outbox: number;
  readonly address: string;
  readonly platform_id: string;
  readonly live: string | null;
  readonly form: string | null;
  readonly shown: string | null;
  readonly open: number;
}
export interface StoredButton {
  readonly token: string;
  readonly address: string;
  readonly command: string;
  readonly target: string;
  readonly args: string;
}

/** Streams of this type are the store's own record (a restore, say); they have no state row. */
export const OWN_TYPE = 'store';

/** A stream's type: the part of its id before the first slash. */
export function typeOf(stream: string): string {
  const slash = stream.indexOf('/');
  return slash < 0 ? stream : stream.slice(0, slash);
}

/** Plain JSON as text; what JSON does not know (`undefined`) is kept as null. */
export function toText(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** What was written as JSON is none any more: the file is damaged in a way that SQLite does not see. */
export class DamagedRow extends Error {
  constructor(cause: unknown) {
    super('what stands in a row is no JSON any more', { cause });
    this.name = 'DamagedRow';
  }
}

export function fromText(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch (error) {
    throw new DamagedRow(error);
  }
}

export function toEventRow(row: StoredEvent): EventRow {
  const { seq, stream, version, type, at, actor, via } = row;
  return { seq, stream, version, type, at, actor, via, data: fromText(row.data) };
}

export function toStateRow(row: StoredState): StateRow {
  const { stream, type, version } = row;
  return { stream, type, version, open: row.open === 1, state: fromText(row.state) };
}

export function toTimer(row: StoredTimer): TimerDraft {
  return { key: row.key, due: row.due, body: fromText(row.body) };
}

export function toMirror(row: StoredMirror): MirrorRow {
  return { key: row.key, at: row.at, data: fromText(row.data) };
}

export function toOutboxRow(row: StoredOutbox): OutboxRow {
  const { id, kind, key, at, attempts, reason } = row;
  return {
    id,
    kind,
    lane: toLane(row.lane),
    to: toDestination(row.destination),
    key,
    at,
    late: row.late === 1,
    body: fromText(row.body),
    state: toOutboxState(row.state),
    attempts,
    dueAt: row.due,
    reason,
    ...(row.address === null ? {} : { address: row.address }),
  };
}

export function toPost({ id, outbox, address, platform_id, live, form, shown }: StoredPost): Post {
  return { id, outbox, address, platformId: platform_id, live: fromText(live), form: fromText(form), shown };
}

/** A destination as one text: its kind, a colon, its name. */
export function fromDestination(to: Destination): string {
  if ('person' in to) return `person:${to.person}`;
  if ('chat' in to) return `chat:${to.chat}`;
  if ('place' in to) return `place:${to.place}`;
  return `email:${to.email}`;
}

function toDestination(text: string): Destination {
  const colon = text.indexOf(':');
  const name = text.slice(colon + 1);
  switch (text.slice(0, colon)) {
    case 'person':
      return { person: name };
    case 'chat':
      return { chat: name };
    case 'place':
      return { place: name };
    default:
      return { email: name };
  }
}

export function toLane(text: string): Lane {
  switch (text) {
    case 'page':
    case 'answer':
    case 'card':
      return text;
    default:
      return 'digest';
  }
}

function toOutboxState(text: string): OutboxState {
  switch (text) {
    case 'new':
    case 'sending':
    case 'sent':
    case 'uncertain':
    case 'expired':
      return text;
    default:
      return 'failed';
  }
}
