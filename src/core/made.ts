import { resolveAlert } from './alerting.ts';
import type { Draft } from './draft.ts';
import type { Severity } from './organisation.ts';
import { isLower, type RefState } from './tracked.ts';
import { closeRef, joinLink, reopenRef } from './tracking.ts';

/** What the platforms made of our orders: from now on it goes by the name that it has there. */

/** What the placeholder stood for was made: its clock, alert, item and pairs go over to the real name. Said twice, it is done once. */
export function made(draft: Draft, placeholder: string, ref: string): void {
  const before = draft.get('ref', placeholder);
  if (before === undefined || before.became !== undefined || placeholder === ref) return;
  const { kind, title } = before;
  // Its own webhook may have been faster than the answer to us.
  const known =
    draft.get('ref', ref) ?? draft.emit('ref', ref, { type: 'seen', ref, kind, title, open: true, by: 'system' });
  if (known.alert !== null && before.alert !== null)
    resolveAlert(draft, known.alert, 'system', `it is the same as ${before.alert}`);
  draft.emit('ref', placeholder, { type: 'became', ref });
  const labels = madeWith(draft, placeholder);
  if (known.labels.length === 0 && labels.length > 0) draft.emit('ref', ref, { type: 'labelled', labels });
  draft.emit('ref', ref, takenOver(placeholder, before, known));
  if (before.alert !== null) draft.emit('alert', before.alert, { type: 'issue-renamed', ref });
  const item = before.item === null ? undefined : draft.get('item', before.item);
  if (item?.links.some((link) => link.ref === placeholder))
    draft.emit('item', item.key, { type: 'link-renamed', from: placeholder, to: ref });
}

/** The labels that it was ordered with: told of them again, nobody has said anything new. */
function madeWith(draft: Draft, placeholder: string): readonly string[] {
  const past = draft.history('ref', placeholder);
  const ordered = past.find(({ type }) => type === 'logging');
  if (ordered === undefined) return [];
  const set = past.find(({ type, at }) => type === 'severity-set' && at <= ordered.at);
  const { labels = [] } = ordered.data as { readonly labels?: readonly string[] };
  const { severity = null } = (set?.data ?? {}) as { readonly severity?: Severity | null };
  return severity === null ? labels : [...labels, ...draft.organisation.severities[severity].slice(0, 1)];
}

function takenOver(from: string, before: RefState, known: RefState) {
  // What was raised here while it was being made is not in the labels that it was made with.
  const severity = isLower(known.severity, before.severity) ? before.severity : known.severity;
  return {
    type: 'took-over' as const,
    from,
    open: before.open && known.open,
    severity,
    since: before.open && known.open && severity !== null ? (before.since ?? known.since) : null,
    item: before.item ?? known.item,
    alert: before.alert ?? known.alert,
    told: [...new Set([...known.told, ...before.told])],
  };
}

/** The platform does not take it: it stays under its placeholder, and OPS hears why. */
export function notMade(draft: Draft, placeholder: string, why: string): void {
  const state = draft.get('ref', placeholder);
  if (state?.making !== undefined && state.became === undefined)
    draft.emit('ref', placeholder, { type: 'not-logged', why: why.slice(0, 500) });
}

/** An issue that we closed or reopened there: our own doing is not told to us. */
export function turned(draft: Draft, ref: string, to: 'open' | 'closed'): void {
  if (to === 'closed') closeRef(draft, ref, 'system');
  else reopenRef(draft, ref, 'system');
}

/** The circle is there: its owner hears of it. One that was recorded by hand meanwhile stays. */
export function circleMade(draft: Draft, key: string, slug: string): void {
  const item = draft.get('item', key);
  if (item?.circleAsked !== true) return;
  const base = draft.organisation.circles.url;
  const ref = base === undefined ? `circles/${slug}` : `${base.replace(/\/+$/, '')}/project/${slug}`;
  if (item.circle !== null)
    return void draft.emit('item', key, { type: 'circle-not-made', why: `${item.circle} was recorded meanwhile` });
  draft.emit('item', key, { type: 'circle-recorded', ref, by: 'system' });
  joinLink(draft, key, { ref, kind: 'circle' }, 'circle');
}

export function circleNotMade(draft: Draft, key: string, why: string): void {
  if (draft.get('item', key)?.circleAsked === true)
    draft.emit('item', key, { type: 'circle-not-made', why: why.slice(0, 500) });
}
