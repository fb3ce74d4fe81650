import type { Draft } from './draft.ts';
import { adopt, setMilestone, type TrackerNews, titleOf } from './incoming.ts';
import { readReference } from './reference.ts';
import { severityOf } from './tracked.ts';
import { joinLink, see } from './tracking.ts';

/** What was open before we came: known from now on, while nobody is paged for it and no clock of it begins. */

export interface Imported {
  readonly of: TrackerNews;
  /** The issue that this story belongs to. */
  readonly pair?: string;
}

/** Takes in what nobody has seen here yet; what is known already is left to the comparison. Resolves to how many were new. */
export function importAll(draft: Draft, all: readonly Imported[]): number {
  let fresh = 0;
  for (const { of } of all) {
    const { ref, kind, title, labels = [] } = of;
    if (kind === 'pull' || draft.get('ref', ref) !== undefined) continue;
    fresh += 1;
    see(draft, ref, kind, titleOf(title), 'system');
    draft.emit('ref', ref, { type: 'imported', labels, severity: severityOf(draft.organisation, labels) });
    if (of.milestone !== undefined) setMilestone(draft, ref, of.milestone, 'system');
    if (kind === 'story') adopt(draft, ref);
  }
  for (const { of, pair } of all) if (pair !== undefined) join(draft, of.ref, pair);
  return fresh;
}

/** A pair that the platform keeps is one here as well, where its story belongs to an item. */
function join(draft: Draft, story: string, issue: string): void {
  const key = draft.get('ref', story)?.item ?? undefined;
  const item = key === undefined ? undefined : draft.get('item', key);
  const reference = readReference(draft.organisation, issue);
  if (item === undefined || reference?.kind !== 'issue') return;
  if (item.state !== 'active' && item.state !== 'proposed') return;
  const link = item.links.find(({ ref }) => ref === story);
  if (link === undefined || link.pairedWith.includes(reference.ref)) return;
  joinLink(draft, item.key, reference);
  draft.emit('item', item.key, { type: 'paired', story, issues: [reference.ref] });
}
