import { changeSeverity, raiseAlert, resolveAlert } from './alerting.ts';
import { type Draft, next } from './draft.ts';
import { itemOf } from './flow.ts';
import type { ItemState } from './item.ts';
import type { Severity } from './organisation.ts';
import { hasRole, membersOf } from './people.ts';
import { EMBEDDED, isTracked, type LinkKind, type Reference } from './reference.ts';
import { isLower, type LogSort, type RefKind, type RefState, severityOf } from './tracked.ts';
import { placeToLog } from './where-kept.ts';

/** Stories and issues: which item they belong to, what happens to them, and what follows (R3, R14 to R16). */

/** The state of a story or issue, seen for the first time if need be; it counts as open until somebody says otherwise. */
export function see(draft: Draft, ref: string, kind: RefKind, title = '', by = draft.actor): RefState {
  const known = draft.get('ref', ref);
  if (known === undefined) return draft.emit('ref', ref, { type: 'seen', ref, kind, title, open: true, by });
  return title === '' || title === known.title ? known : draft.emit('ref', ref, { type: 'retitled', title });
}

/**
 * The next issue or story of the embedded tracker. Where the platform is connected it is a placeholder, under which all
 * goes on until what is made there takes over.
 */
export function logRef(
  draft: Draft,
  sort: LogSort,
  title: string,
  given: { readonly item?: ItemState | undefined; readonly labels?: readonly string[] } = {},
): Reference & { kind: 'issue' | 'story' } {
  const series = { issue: `${EMBEDDED}#`, story: `${EMBEDDED}/us:`, feedback: `${EMBEDDED}/issue:` }[sort];
  const ref = `${series}${next(draft, series)}`;
  const kind = sort === 'story' ? 'story' : 'issue';
  see(draft, ref, kind, title);
  const place = placeToLog(draft, sort, given.item);
  if (place !== undefined)
    draft.emit('ref', ref, { type: 'logging', ...place, sort, labels: given.labels ?? [], by: draft.actor });
  return { ref, kind };
}

/** Joins a reference to an item. Stories and issues belong to one open item: they come along from another. */
export function joinLink(
  draft: Draft,
  key: string,
  reference: Reference,
  kind: LinkKind = reference.kind,
): { from: string | null; added: boolean; along: readonly string[] } {
  const { ref } = reference;
  const item = itemOf(draft, key);
  if (item.links.some((link) => link.ref === ref && link.kind === kind)) return { from: null, added: false, along: [] };
  let from: string | null = null;
  let along: readonly string[] = [];
  // Somebody named it: what is told of it is kept from now on.
  if (kind === 'pull') see(draft, ref, 'pull');
  if (isTracked(kind) && (reference.kind === 'story' || reference.kind === 'issue')) {
    const owner = see(draft, ref, reference.kind).item;
    const other = owner === null || owner === key ? undefined : draft.get('item', owner);
    if (
      other !== undefined &&
      (other.state === 'active' || other.state === 'proposed') &&
      other.links.some((link) => link.ref === ref)
    ) {
      from = other.key;
      if (kind === 'story') along = other.links.find((link) => link.ref === ref)?.pairedWith ?? [];
      draft.emit('item', other.key, { type: 'unlinked', ref, by: draft.actor, to: key });
    }
    draft.emit('ref', ref, { type: 'claimed', item: key });
  }
  draft.emit('item', key, { type: 'linked', ref, kind, by: draft.actor, from });
  // A story brings its issues along: the pairs stay pairs.
  for (const issue of along) joinLink(draft, key, { ref: issue, kind: 'issue' });
  if (along.length > 0) draft.emit('item', key, { type: 'paired', story: ref, issues: along });
  return { from, added: true, along };
}

/** May this person lower a severity? OPS, QA, dev leads, and the circle owner of the item. */
function mayLower(draft: Draft, by: string, item: ItemState | undefined): boolean {
  return (
    by === 'system' ||
    (['ops', 'qa', 'dev-lead'] as const).some((role) => hasRole(draft, by, role)) ||
    membersOf(draft, 'circle-owner', item).includes(by)
  );
}

/** Sets a severity and starts its clock; a critical one raises an alert unless the issue has one. */
export function setSeverity(draft: Draft, ref: string, severity: Severity | null, by: string): void {
  const state = draft.get('ref', ref);
  if (state === undefined || state.severity === severity) return;
  const item = state.item === null ? undefined : draft.get('item', state.item);
  if (isLower(severity, state.severity) && !mayLower(draft, by, item)) {
    draft.emit('ref', ref, { type: 'severity-kept', wanted: severity, by });
    return;
  }
  draft.emit('ref', ref, { type: 'severity-set', severity, by });
  if (!state.open) return;
  if (state.alert !== null) changeSeverity(draft, state.alert, severity ?? 'minor', by);
  else if (severity === 'critical')
    raiseAlert(draft, { ref, title: state.title || ref, severity, item: state.item, by });
}

export function setLabels(
  draft: Draft,
  ref: string,
  labels: readonly string[],
  by: string,
  isAboutLabels: boolean,
): void {
  const state = draft.get('ref', ref);
  if (state === undefined) return;
  // Most webhooks carry the same labels along; only news of the labels themselves is somebody's word on the severity.
  const isSame = state.labels.join('\n') === labels.join('\n');
  if (isSame && !isAboutLabels) return;
  const before = severityOf(draft.organisation, state.labels);
  const severity = severityOf(draft.organisation, labels);
  if (!isSame) draft.emit('ref', ref, { type: 'labelled', labels });
  // A label that means no severity, come or gone, is nobody's word on one: what was set in a chat, or kept, stays.
  if (isSame || severity !== before) setSeverity(draft, ref, severity, by);
}

/** Closing stops the clock and resolves the alert. */
export function closeRef(draft: Draft, ref: string, by: string): boolean {
  const state = draft.get('ref', ref);
  if (state === undefined || !state.open) return false;
  draft.emit('ref', ref, { type: 'closed', by });
  if (state.alert !== null) resolveAlert(draft, state.alert, by, 'the issue was closed');
  return true;
}

/** Reopening starts the clock anew; the owner of an item that has ended hears of it. */
export function reopenRef(draft: Draft, ref: string, by: string): boolean {
  const state = draft.get('ref', ref);
  if (state === undefined || state.open) return false;
  draft.emit('ref', ref, { type: 'reopened', by });
  const item = state.item === null ? undefined : draft.get('item', state.item);
  if (item !== undefined && item.state !== 'active' && item.state !== 'proposed')
    draft.emit('item', item.key, { type: 'reopened-link', ref });
  if (state.severity === 'critical' && state.alert === null)
    raiseAlert(draft, { ref, title: state.title || ref, severity: 'critical', item: state.item, by });
  return true;
}
