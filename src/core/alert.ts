import type { Meta } from './item.ts';
import type { Severity } from './organisation.ts';

/** An alert: raised, held or delivered, paged until somebody acknowledges it, resolved. */

export interface AlertState {
  readonly key: string;
  readonly ref: string;
  readonly title: string;
  readonly severity: Severity;
  readonly item: string | null;
  readonly reporter: string;
  readonly state: 'held' | 'open' | 'acknowledged' | 'resolved';
  readonly raisedAt: number;
  readonly heldUntil: number | null;
  readonly deliveredAt: number | null;
  /** Pages sent on the present ladder; a new watch, or a lapsed acknowledgement, begins anew. */
  readonly pages: number;
  /** Who was sent the latest page, and to whom of them no platform let it through. */
  readonly paged: readonly string[];
  readonly unreached: readonly string[];
  readonly acknowledgedBy: string | null;
  readonly newsAt: number | null;
  /** The last words on it: of who took it, of the news, of who resolved it. */
  readonly note: string | null;
  readonly resolved: { readonly by: string; readonly at: number } | null;
  readonly escalated: boolean;
  readonly version: number;
}

export type AlertEvent =
  | { type: 'raised'; key: string; ref: string; title: string; severity: Severity; item: string | null; by: string }
  | { type: 'held'; until: number; for: 'ops-hours' | 'on-call-hours' }
  | { type: 'delivered'; to: 'ops' | 'on-call'; held: boolean }
  | { type: 'paged'; rung: 'first' | 'second' | 'all'; people: readonly string[] }
  | { type: 'page-refused'; person: string; people: readonly string[] }
  | { type: 'nobody-reached'; people: readonly string[] }
  | { type: 'ladder-paused'; until: number | null }
  | { type: 'severity-changed'; severity: Severity; by: string; anew?: true }
  | { type: 'acknowledged'; by: string; note: string | null }
  | { type: 'news'; by: string; note: string }
  | { type: 'lapsed'; by: string }
  | { type: 'issue-renamed'; ref: string }
  | { type: 'unacknowledged'; people: readonly string[] }
  | { type: 'alert-resolved'; by: string; note: string | null };

/** What became critical is a matter of its own: whoever took the smaller one has not taken this, and it was not delivered. */
const ANEW = {
  state: 'open', deliveredAt: null, pages: 0, acknowledgedBy: null, newsAt: null, note: null,
} as const; // biome-ignore format: one glance

export function evolveAlert(before: AlertState | undefined, event: AlertEvent, meta: Meta): AlertState {
  if (event.type === 'raised') {
    const { key, ref, title, severity, item, by } = event;
    const empty = {
      heldUntil: null,
      deliveredAt: null,
      pages: 0,
      paged: [],
      unreached: [],
      acknowledgedBy: null,
      newsAt: null,
      note: null,
      resolved: null,
      escalated: false,
      version: 1,
    };
    return { key, ref, title, severity, item, reporter: by, state: 'open', raisedAt: meta.at, ...empty };
  }
  if (before === undefined) throw new Error(`an alert begins with being raised, not with ${event.type}`);
  const alert = { ...before, version: before.version + 1 };
  switch (event.type) {
    case 'held':
      return { ...alert, state: 'held', heldUntil: event.until };
    case 'delivered':
      return { ...alert, state: 'open', heldUntil: null, deliveredAt: alert.deliveredAt ?? meta.at, pages: 0 };
    case 'paged':
      return { ...alert, pages: alert.pages + 1, paged: event.people, unreached: [] };
    case 'page-refused':
      return {
        ...alert,
        paged: [...alert.paged, ...event.people],
        unreached: [...alert.unreached, event.person],
      };
    case 'nobody-reached':
      return alert;
    case 'ladder-paused':
      return { ...alert, pages: 0 };
    case 'severity-changed':
      return { ...alert, severity: event.severity, ...(event.anew === true ? ANEW : {}) };
    case 'acknowledged':
      return {
        ...alert,
        state: 'acknowledged',
        heldUntil: null,
        deliveredAt: alert.deliveredAt ?? meta.at,
        acknowledgedBy: event.by,
        newsAt: meta.at,
        note: event.note,
      };
    case 'news':
      return { ...alert, newsAt: meta.at, note: event.note };
    case 'lapsed':
      return { ...alert, state: 'open', acknowledgedBy: null, newsAt: null, note: null, pages: 0 };
    case 'issue-renamed':
      return { ...alert, ref: event.ref };
    case 'unacknowledged':
      return { ...alert, escalated: true };
    case 'alert-resolved':
      return {
        ...alert,
        state: 'resolved',
        heldUntil: null,
        note: event.note ?? alert.note,
        resolved: { by: event.by, at: meta.at },
      };
    default:
      return event satisfies never;
  }
}
