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
  readonly acknowledgedBy: string | null;
  readonly newsAt: number | null;
  readonly escalated: boolean;
  readonly version: number;
}

export type AlertEvent =
  | { type: 'raised'; key: string; ref: string; title: string; severity: Severity; item: string | null; by: string }
  | { type: 'held'; until: number; for: 'ops-hours' | 'on-call-hours' }
  | { type: 'delivered'; to: 'ops' | 'on-call'; held: boolean }
  | { type: 'paged'; rung: 'first' | 'second' | 'all'; people: readonly string[] }
  | { type: 'ladder-paused'; until: number | null }
  | { type: 'severity-changed'; severity: Severity; by: string }
  | { type: 'acknowledged'; by: string; note: string | null }
  | { type: 'news'; by: string; note: string }
  | { type: 'lapsed'; by: string }
  | { type: 'unacknowledged'; people: readonly string[] }
  | { type: 'alert-resolved'; by: string; note: string | null };

export function evolveAlert(before: AlertState | undefined, event: AlertEvent, meta: Meta): AlertState {
  if (event.type === 'raised') {
    const { key, ref, title, severity, item, by } = event;
    const empty = {
      heldUntil: null,
      deliveredAt: null,
      pages: 0,
      acknowledgedBy: null,
      newsAt: null,
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
      return { ...alert, pages: alert.pages + 1 };
    case 'ladder-paused':
      return { ...alert, pages: 0 };
    case 'severity-changed':
      return { ...alert, severity: event.severity };
    case 'acknowledged':
      return {
        ...alert,
        state: 'acknowledged',
        heldUntil: null,
        deliveredAt: alert.deliveredAt ?? meta.at,
        acknowledgedBy: event.by,
        newsAt: meta.at,
      };
    case 'news':
      return { ...alert, newsAt: meta.at };
    case 'lapsed':
      return { ...alert, state: 'open', acknowledgedBy: null, newsAt: null, pages: 0 };
    case 'unacknowledged':
      return { ...alert, escalated: true };
    case 'alert-resolved':
      return { ...alert, state: 'resolved', heldUntil: null };
    default:
      return event satisfies never;
  }
}
