import { type AlertEvent, type AlertState, evolveAlert } from './alert.ts';
import { type AnnouncementEvent, type AnnouncementState, evolveAnnouncement } from './announcement.ts';
import {
  type DeploymentEvent,
  type DeploymentState,
  evolveDeployment,
  evolvePipeline,
  type PipelineEvent,
  type PipelineState,
} from './deployment.ts';
import { evolveItem, type ItemState, isOpenItem, type Meta } from './item.ts';
import type { ItemEvent } from './item-events.ts';
import { evolveMail, type MailEvent, type MailState } from './mail.ts';
import {
  type CalendarEvent, type CalendarState, type CallsEvent, type CallsState, type CodeEvent, type CodeState, type CounterEvent,
  type CounterState, evolveCalendar, evolveCalls, evolveCode, evolvePeople, evolvePlace, evolveSession, type PeopleEvent,
  type PeopleState, type PlaceEvent, type PlaceState, type SessionEvent, type SessionState,
} from './office.ts'; // biome-ignore format: a catalogue
import { evolveRef, type RefEvent, type RefState } from './tracked.ts';

/** Every sort of stream: its state, its events, how one follows from the other, and when its life is over. */

export interface States {
  item: ItemState;
  alert: AlertState;
  announcement: AnnouncementState;
  ref: RefState;
  calls: CallsState;
  calendar: CalendarState;
  people: PeopleState;
  mail: MailState;
  place: PlaceState;
  code: CodeState;
  session: SessionState;
  counter: CounterState;
  deployment: DeploymentState;
  pipeline: PipelineState;
}
export interface Events {
  item: ItemEvent;
  alert: AlertEvent;
  announcement: AnnouncementEvent;
  ref: RefEvent;
  calls: CallsEvent;
  calendar: CalendarEvent;
  people: PeopleEvent;
  mail: MailEvent;
  place: PlaceEvent;
  code: CodeEvent;
  session: SessionEvent;
  counter: CounterEvent;
  deployment: DeploymentEvent;
  pipeline: PipelineEvent;
}
export type StreamType = keyof States;
/** Streams of which there is one. */
export const ONLY = 'all';

type Evolve<T extends StreamType> = (state: States[T] | undefined, event: Events[T], meta: Meta) => States[T];

const EVOLVE: { readonly [T in StreamType]: Evolve<T> } = {
  item: evolveItem,
  alert: evolveAlert,
  announcement: evolveAnnouncement,
  ref: evolveRef,
  calls: evolveCalls,
  calendar: evolveCalendar,
  people: evolvePeople,
  mail: evolveMail,
  place: evolvePlace,
  code: evolveCode,
  session: evolveSession,
  counter: (_state, event) => ({ n: event.n }),
  deployment: evolveDeployment,
  pipeline: evolvePipeline,
};

/** The version of the fold: state rows of another one are folded again from their events. */
export const FOLD_VERSION = 5;

export function evolve<T extends StreamType>(
  type: T,
  state: States[T] | undefined,
  event: Events[T],
  meta: Meta,
): States[T] {
  return EVOLVE[type](state, event, meta);
}

const OPEN: { readonly [T in StreamType]: (state: States[T]) => boolean } = {
  item: isOpenItem,
  alert: (alert) => alert.state !== 'resolved',
  announcement: (announcement) => announcement.state === 'drafted',
  ref: () => false,
  calls: () => false,
  calendar: () => false,
  people: () => false,
  mail: () => false,
  place: () => false,
  code: () => false,
  session: () => false,
  counter: () => false,
  deployment: (deployment) => deployment.state === 'held' || deployment.state === 'asked',
  pipeline: () => false,
};

/** Is this thing still alive? Only living things are listed; the others are found by name. */
export function isOpen<T extends StreamType>(type: T, state: States[T]): boolean {
  return OPEN[type](state);
}

export const streamId = (type: StreamType, id: string): string => `${type}/${id}`;
