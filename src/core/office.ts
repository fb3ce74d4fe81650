import type { Meta } from './item.ts';
import { dutiesWithout, type Swap } from './on-call.ts';
import type { Person } from './organisation.ts';
import { handlesWithout, keptOf, leftWith, numbersWithout } from './who-stays.ts';

/** The small streams of the organisation itself: calls, calendar, people, places, codes, counters. */

export interface CallsState {
  readonly open: {
    readonly id: string;
    readonly at: number;
    readonly by: string;
    readonly round: number | null;
  } | null;
  readonly planned: { readonly at: number; readonly by: string } | null;
  readonly count: number;
  /** The latest round of priorities that a call decided on (R11). */
  readonly round: number;
}
export type CallsEvent =
  | { type: 'call-opened'; id: string; by: string }
  | { type: 'call-closed'; id: string; by: string }
  | { type: 'call-planned'; at: number; by: string }
  | { type: 'agenda-due'; at: number }
  | { type: 'round-begun'; round: number };

const NO_CALLS: CallsState = { open: null, planned: null, count: 0, round: 0 };

export function evolveCalls(state: CallsState = NO_CALLS, event: CallsEvent, meta: Meta): CallsState {
  switch (event.type) {
    case 'call-opened':
      return {
        ...state,
        open: { id: event.id, at: meta.at, by: event.by, round: null },
        planned: stillPlanned(state, meta.at),
        count: state.count + 1,
      };
    case 'call-closed':
      return { ...state, open: null };
    case 'call-planned':
      return { ...state, planned: { at: event.at, by: event.by } };
    case 'round-begun':
      return { ...state, round: event.round, open: state.open === null ? null : { ...state.open, round: event.round } };
    case 'agenda-due':
      return state;
    default:
      return event satisfies never;
  }
}

const CALL_LASTS = 4 * 3_600_000;
/** A call that opens about when one was planned is that one; a plan further ahead stands. */
const stillPlanned = (state: CallsState, at: number): CallsState['planned'] =>
  state.planned !== null && state.planned.at - at > CALL_LASTS ? state.planned : null;

interface DeclaredFreeze {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly reason: string;
  readonly by: string;
}
export interface CalendarState {
  readonly freezes: readonly DeclaredFreeze[];
  readonly declared: number;
  readonly swaps: Readonly<Record<string, Swap>>;
  readonly offers: readonly { readonly date: string; readonly from: string; readonly to: string }[];
  /** Who waits for the release window, by item. */
  readonly awaited: Readonly<Record<string, readonly string[]>>;
  /** Test pages by person: when one was sent, and whether it was confirmed. */
  readonly tests: Readonly<
    Record<string, { readonly at: number; readonly confirmed: boolean; readonly refused?: true }>
  >;
}
export type CalendarEvent =
  | { type: 'freeze-declared'; id: string; from: number; until: number; reason: string; by: string }
  | { type: 'freeze-lifted'; id: string; by: string }
  | { type: 'duty-offered'; date: string; from: string; to: string }
  | { type: 'duty-taken'; date: string; from: string; to: string }
  | { type: 'duties-dropped'; person: string }
  | { type: 'window-awaited'; item: string; person: string; until: number }
  | { type: 'window-postponed'; item: string; until: number }
  | { type: 'window-opened'; item: string; people: readonly string[] }
  | { type: 'page-test-sent'; people: readonly string[] }
  | { type: 'page-test-confirmed'; person: string }
  | { type: 'page-test-refused'; person: string }
  | { type: 'reminder-fired'; name: string; due: number; late: boolean }
  | { type: 'reminder-dropped'; name: string; due: number };

const NO_CALENDAR: CalendarState = { freezes: [], declared: 0, swaps: {}, offers: [], awaited: {}, tests: {} };

export function evolveCalendar(state: CalendarState = NO_CALENDAR, event: CalendarEvent, meta: Meta): CalendarState {
  switch (event.type) {
    case 'freeze-declared': {
      const { id, from, until, reason, by } = event;
      return { ...state, declared: state.declared + 1, freezes: [...state.freezes, { id, from, until, reason, by }] };
    }
    case 'freeze-lifted':
      return { ...state, freezes: state.freezes.filter((freeze) => freeze.id !== event.id) };
    case 'duty-offered': {
      const { date, from, to } = event;
      return { ...state, offers: [...state.offers.filter((offer) => offer.date !== date), { date, from, to }] };
    }
    case 'duty-taken':
      return {
        ...state,
        offers: state.offers.filter((offer) => offer.date !== event.date),
        swaps: { ...state.swaps, [event.date]: { from: event.from, to: event.to } },
      };
    case 'duties-dropped':
      return { ...state, ...dutiesWithout(event.person, state) };
    case 'window-awaited': {
      const others = state.awaited[event.item] ?? [];
      return { ...state, awaited: { ...state.awaited, [event.item]: [...others, event.person] } };
    }
    case 'window-opened': {
      const { [event.item]: _done, ...awaited } = state.awaited;
      return { ...state, awaited };
    }
    case 'page-test-sent':
      return {
        ...state,
        tests: Object.fromEntries(event.people.map((person) => [person, { at: meta.at, confirmed: false }])),
      };
    case 'page-test-confirmed':
      return {
        ...state,
        tests: { ...state.tests, [event.person]: { at: state.tests[event.person]?.at ?? meta.at, confirmed: true } },
      };
    case 'page-test-refused': {
      const test = { confirmed: false, at: meta.at, ...state.tests[event.person], refused: true } as const;
      return { ...state, tests: { ...state.tests, [event.person]: test } };
    }
    case 'window-postponed':
    case 'reminder-fired':
    case 'reminder-dropped':
      return state;
    default:
      return event satisfies never;
  }
}

export interface PeopleState {
  readonly added: Readonly<Record<string, Person>>;
  readonly removed: readonly string[];
  /** What commands granted (true) or revoked (false), by person and role; it wins over the file. */
  readonly grants: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** Further accounts that people proved to be theirs: `telegram:1001` to a person's id. */
  readonly accounts: Readonly<Record<string, string>>;
  /** What a platform calls an account at present: for mentions, and never an identity. */
  readonly handles?: Readonly<Record<string, string>>;
  /** The number behind an account that is called by a name: `github:olga`, as it was when it first spoke. */
  readonly numbers?: Readonly<Record<string, string>>;
  /** The roles of the file at the last start, so that a file that changed has the consequences of a command. */
  readonly roster: Readonly<Record<string, readonly string[]>>;
  /** How often somebody of this id has left: what was given out before is not for whoever has the id then. */
  readonly left?: Readonly<Record<string, number>>;
}
export type PeopleEvent =
  | { type: 'person-added'; person: Person; by: string }
  | { type: 'person-removed'; person: string; by: string }
  | { type: 'role-granted'; role: string; person: string; by: string }
  | { type: 'role-revoked'; role: string; person: string; by: string }
  | { type: 'account-linked'; account: string; person: string }
  | { type: 'handle-seen'; account: string; handle: string }
  | { type: 'account-numbered'; account: string; number: string }
  | { type: 'roster-read'; roster: Readonly<Record<string, readonly string[]>> };

const NO_PEOPLE: PeopleState = { added: {}, removed: [], grants: {}, accounts: {}, roster: {} };

export function evolvePeople(state: PeopleState = NO_PEOPLE, event: PeopleEvent): PeopleState {
  switch (event.type) {
    case 'person-added':
      return {
        ...state,
        added: { ...state.added, [event.person.id]: event.person },
        removed: state.removed.filter((id) => id !== event.person.id),
        ...keptOf(state, (id) => id !== event.person.id),
        ...numbersWithout(state, event.person),
      };
    case 'person-removed': {
      const added = Object.fromEntries(Object.entries(state.added).filter(([id]) => id !== event.person));
      const removed = [...state.removed.filter((id) => id !== event.person), event.person];
      const kept = keptOf(state, (id) => id !== event.person);
      const numbers = numbersWithout(state, state.added[event.person]);
      return { ...state, added, removed, ...kept, ...numbers, ...leftWith(state, [event.person]) };
    }
    case 'role-granted':
    case 'role-revoked':
      return {
        ...state,
        grants: {
          ...state.grants,
          [event.person]: { ...state.grants[event.person], [event.role]: event.type === 'role-granted' },
        },
      };
    case 'account-linked':
      return { ...state, accounts: { ...state.accounts, [event.account]: event.person } };
    case 'handle-seen':
      return { ...state, handles: { ...handlesWithout(state, event), [event.account]: event.handle } };
    case 'account-numbered':
      return { ...state, numbers: { ...state.numbers, [event.account]: event.number } };
    case 'roster-read':
      return {
        ...state,
        roster: event.roster,
        ...keptOf(state, (id) => id in event.roster || id in state.added),
        ...leftWith(
          state,
          Object.keys(state.roster).filter((id) => isGone(state, event.roster, id)),
        ),
      };
    default:
      return event satisfies never;
  }
}

/** Has somebody of the file left by an edit of it? Who was taken out by command before has left then. */
const isGone = (state: PeopleState, roster: PeopleState['roster'], id: string): boolean =>
  !(id in roster) && !(id in state.added) && !state.removed.includes(id);

export interface PlaceState {
  readonly item: string | null;
  /** When each writer was last shown the way to log something here (R3). */
  readonly hints: Readonly<Record<string, number>>;
}
export type PlaceEvent =
  | { type: 'bound'; item: string; by: string }
  | { type: 'unbound'; by: string }
  /** `said`: what a report of it could be titled. */
  | { type: 'hinted'; person: string; names: readonly string[]; said?: string };

const HINT_KEPT = 3_600_000;

export function evolvePlace(state: PlaceState = { item: null, hints: {} }, event: PlaceEvent, meta: Meta): PlaceState {
  switch (event.type) {
    case 'bound':
      return { ...state, item: event.item };
    case 'unbound':
      return { ...state, item: null };
    case 'hinted': {
      const recent = Object.entries(state.hints).filter(([, at]) => meta.at - at < HINT_KEPT);
      return { ...state, hints: { ...Object.fromEntries(recent), [event.person]: meta.at } };
    }
    default:
      return event satisfies never;
  }
}

/** A linking code or a way into the board, kept by its digest: whoever reads the database can not use it. */
export interface CodeState {
  readonly person: string;
  readonly until: number;
  readonly used: boolean;
  /** Set: it signs a browser in, and links no account. */
  readonly opens?: 'web';
  /** Set: it makes the first admin, whoever says it. So many were issued by then, and only the newest works. */
  readonly founding?: number;
  /** How often its person had left by then. */
  readonly stay?: number;
}
export type CodeEvent =
  | { type: 'code-issued'; person: string; until: number; opens?: 'web'; founding?: number; stay?: number }
  | { type: 'code-used'; account: string };

export function evolveCode(state: CodeState | undefined, event: CodeEvent): CodeState {
  if (event.type === 'code-issued') {
    const { type: _type, ...issued } = event;
    return { ...issued, used: false };
  }
  if (state === undefined) throw new Error('a code is issued before it is used');
  return { ...state, used: true };
}

/** A browser that somebody signed in with, by the digest of what its cookie holds. */
export interface SessionState {
  readonly person: string;
  readonly until: number;
  readonly ended: boolean;
  readonly stay?: number;
}
export type SessionEvent = { type: 'signed-in'; person: string; until: number; stay?: number } | { type: 'signed-out' };

export function evolveSession(state: SessionState | undefined, event: SessionEvent): SessionState {
  if (event.type === 'signed-in') {
    const { type: _type, ...begun } = event;
    return { ...begun, ended: false };
  }
  if (state === undefined) throw new Error('nobody signs out who was not signed in');
  return { ...state, ended: true };
}

export interface CounterState {
  readonly n: number;
}
export type CounterEvent = { type: 'counted'; n: number };
