import type { Meta } from './item.ts';
import type { ForgePlatform } from './job.ts';
import { type Organisation, SEVERITIES, type Severity } from './organisation.ts';

/** A story or an issue as the bot last saw it, and the clock of its severity (R14 to R16). */

/** A pull request has a number among the issues. No gate looks at it, and no clock of it runs. */
export type RefKind = 'story' | 'issue' | 'pull';

/** What is known of a pull request beside its title. `closes`: the issues that are closed when it is merged. */
export interface Pull {
  readonly state: 'open' | 'draft' | 'merged' | 'closed';
  readonly closes: readonly string[];
}

export interface RefState {
  readonly ref: string;
  readonly kind: RefKind;
  readonly title: string;
  readonly open: boolean;
  readonly labels: readonly string[];
  readonly severity: Severity | null;
  /** When the severity was set last (its clock's start); null while no clock runs. */
  readonly since: number | null;
  readonly item: string | null;
  readonly alert: string | null;
  readonly told: readonly string[];
  readonly version: number;
  /** It stands for what is being made there. `why`: the platform did not take it. */
  readonly making?: { readonly platform: ForgePlatform; readonly where: string; readonly why: string | null };
  /** What was made, and goes by this name now. */
  readonly became?: string;
  /** The platform itself has spoken of it: it is no mere word of somebody's. */
  readonly confirmed?: true;
  /** The milestone or the sprint in which it is. */
  readonly milestone?: string | null;
  /** The pull requests that close it. */
  readonly pulls?: readonly string[];
  readonly pull?: Pull;
}

/** What a report becomes in a tracker. */
export type LogSort = 'issue' | 'story' | 'feedback';

export type RefEvent =
  | { type: 'seen'; ref: string; kind: RefKind; title: string; open: boolean; by: string }
  | { type: 'retitled'; title: string }
  | { type: 'labelled'; labels: readonly string[] }
  | { type: 'milestone-set'; milestone: string | null; by: string }
  | ({ type: 'pull-changed'; by: string } & Pull)
  | { type: 'pull-joined'; pull: string }
  | { type: 'pull-parted'; pull: string }
  | { type: 'severity-set'; severity: Severity | null; by: string }
  | { type: 'severity-kept'; wanted: Severity | null; by: string }
  | { type: 'closed'; by: string }
  | { type: 'reopened'; by: string }
  | { type: 'claimed'; item: string }
  | { type: 'parted'; item: string }
  | { type: 'alert-opened'; alert: string }
  | { type: 'alert-closed'; alert: string }
  | { type: 'severity-reminded'; severity: Severity; due: number }
  | { type: 'news-asked'; alert: string }
  | { type: 'commented'; by: string; text: string }
  | { type: 'logging'; platform: ForgePlatform; where: string; sort: LogSort; labels: readonly string[]; by: string }
  | { type: 'not-logged'; why: string }
  | { type: 'became'; ref: string }
  | {
      type: 'took-over';
      from: string;
      open: boolean;
      severity: Severity | null;
      since: number | null;
      item: string | null;
      alert: string | null;
      told: readonly string[];
    }
  | { type: 'confirmed' }
  /** It was there before we were: known with its severity, and no clock runs for it. */
  | { type: 'imported'; labels: readonly string[]; severity: Severity | null }
  | { type: 'ref-escalated'; rung: string; by: string; reason: string; people: readonly string[] };

export function evolveRef(before: RefState | undefined, event: RefEvent, meta: Meta): RefState {
  if (event.type === 'seen') {
    const { ref, kind, title, open } = event;
    return {
      ref,
      kind,
      title,
      open,
      labels: [],
      severity: null,
      since: null,
      item: null,
      alert: null,
      told: [],
      version: 1,
    };
  }
  if (before === undefined) throw new Error(`a story or issue begins with being seen, not with ${event.type}`);
  const state = { ...before, version: before.version + 1 };
  switch (event.type) {
    case 'retitled':
      return { ...state, title: event.title };
    case 'labelled':
      return { ...state, labels: event.labels };
    case 'milestone-set':
    case 'pull-changed':
    case 'pull-joined':
    case 'pull-parted':
      return evolveBeside(state, event);
    case 'severity-set':
      return { ...state, severity: event.severity, since: event.severity === null || !state.open ? null : meta.at };
    case 'closed':
      return { ...state, open: false, since: null };
    case 'reopened':
      return { ...state, open: true, told: [], since: state.severity === null ? null : meta.at };
    case 'claimed':
      return { ...state, item: event.item };
    case 'parted':
      return { ...state, item: state.item === event.item ? null : state.item };
    case 'alert-opened':
      return { ...state, alert: event.alert };
    case 'alert-closed':
      return { ...state, alert: null };
    case 'ref-escalated':
      return { ...state, told: [...state.told, event.rung] };
    case 'logging':
      return { ...state, making: { platform: event.platform, where: event.where, why: null } };
    case 'not-logged':
      return state.making === undefined ? state : { ...state, making: { ...state.making, why: event.why } };
    case 'became':
      return { ...state, became: event.ref, open: false, since: null, alert: null };
    case 'took-over': {
      const { open, severity, since, item, alert, told } = event;
      return { ...state, open, severity, since, item, alert, told, confirmed: true };
    }
    case 'confirmed':
      return { ...state, confirmed: true };
    case 'imported':
      return { ...state, labels: event.labels, severity: event.severity, since: null, confirmed: true };
    case 'severity-kept':
    case 'severity-reminded':
    case 'news-asked':
    case 'commented':
      return state;
    default:
      return event satisfies never;
  }
}

type Beside = Extract<RefEvent, { type: 'milestone-set' | 'pull-changed' | 'pull-joined' | 'pull-parted' }>;

/** What is shown beside it, and no rule looks at. */
function evolveBeside(state: RefState, event: Beside): RefState {
  switch (event.type) {
    case 'milestone-set':
      return { ...state, milestone: event.milestone };
    case 'pull-changed': {
      const { state: now, closes } = event;
      const open = now === 'open' || now === 'draft';
      return { ...state, kind: 'pull', open, pull: { state: now, closes }, confirmed: true };
    }
    case 'pull-joined':
      return { ...state, pulls: [...(state.pulls ?? []).filter((pull) => pull !== event.pull), event.pull] };
    case 'pull-parted':
      return { ...state, pulls: (state.pulls ?? []).filter((pull) => pull !== event.pull) };
    default:
      return event satisfies never;
  }
}

const RANK: Record<Severity, number> = { critical: 3, major: 2, minor: 1 };

/** Is the change from one severity to another a lowering? Taking it away is. */
export const isLower = (to: Severity | null, from: Severity | null): boolean =>
  (to === null ? 0 : RANK[to]) < (from === null ? 0 : RANK[from]);

/** The severity that labels mean; of several the highest counts. */
export function severityOf(organisation: Organisation, labels: readonly string[]): Severity | null {
  const given = new Set(labels.map((label) => label.toLowerCase()));
  return (
    SEVERITIES.find((severity) => organisation.severities[severity].some((name) => given.has(name.toLowerCase()))) ??
    null
  );
}
