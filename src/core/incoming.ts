import type { Draft } from './draft.ts';
import { personNumbered } from './people.ts';
import { followPull } from './pulls.ts';
import { circleSlug, readReference } from './reference.ts';
import { oneLine } from './text.ts';
import type { Pull, RefKind } from './tracked.ts';
import { closeRef, joinLink, reopenRef, see, setLabels } from './tracking.ts';

/** What GitHub and Circles tell, already verified and read by an adapter into the few facts that matter. */
export interface TrackerNews {
  readonly ref: string;
  readonly kind: RefKind;
  readonly title?: string;
  /** Its milestone or sprint; null, that it has none; undefined: that is not told. */
  readonly milestone?: string | null;
  /** Told of every pull request, which is no issue. */
  readonly pull?: Pull;
  readonly open?: boolean;
  readonly labels?: readonly string[];
  /** Is this news about the labels themselves? Other news carries the same list along. */
  readonly isAboutLabels?: boolean;
  /** A label that was added or taken away, where the whole list is not told. */
  readonly added?: string;
  readonly removed?: string;
  readonly platform: 'github' | 'circles';
  /** The account on that platform; the person is found by it. */
  readonly by?: string;
  /** What stays when that account's name goes to somebody else, where the platform tells it. */
  readonly byNumber?: string;
  readonly comment?: string;
}

/** Follows the news of one story or issue. The moment is the clock's, never the payload's. */
export function follow(draft: Draft, news: TrackerNews): void {
  const by = whoIs(draft, news);
  if (news.kind === 'pull') return followPull(draft, news.ref, { title: titleOf(news.title), pull: news.pull, by });
  const known = draft.get('ref', news.ref);
  // It goes by another name there: what comes late under the old one is of no use.
  if (known?.became !== undefined) return;
  const isNew = known === undefined;
  const state = see(draft, news.ref, news.kind, titleOf(news.title), by);
  if (draft.forges?.connected(news.platform) === true && state.confirmed !== true)
    draft.emit('ref', news.ref, { type: 'confirmed' });
  if (isNew && news.kind === 'story') adopt(draft, news.ref);
  if (news.milestone !== undefined) setMilestone(draft, news.ref, news.milestone, by);
  if (news.open === true && !state.open) reopenRef(draft, news.ref, by);
  // Closed first: labels on a closed issue start no clock and raise no alert.
  if (news.open === false) closeRef(draft, news.ref, by);
  const labels = labelsOf(draft, news);
  if (labels !== undefined) setLabels(draft, news.ref, labels, by, news.isAboutLabels === true);
  if (news.comment !== undefined) {
    const text = oneLine(news.comment).slice(0, 2000);
    draft.emit('ref', news.ref, { type: 'commented', by, text });
    const alert = state.alert === null ? undefined : draft.get('alert', state.alert);
    if (alert?.state === 'acknowledged') draft.emit('alert', alert.key, { type: 'news', by, note: text });
  }
}

export function setMilestone(draft: Draft, ref: string, milestone: string | null, by: string): void {
  const name = milestone === null ? null : titleOf(milestone);
  if ((draft.get('ref', ref)?.milestone ?? null) !== name)
    draft.emit('ref', ref, { type: 'milestone-set', milestone: name, by });
}

/** Trackers take longer titles than ours, and one of them in a list would push all else out of sight. */
const MOST_TITLE = 300;
export const titleOf = (title = ''): string => {
  const line = oneLine(title);
  return line.length <= MOST_TITLE ? line : `${line.slice(0, MOST_TITLE - 1)}…`.toWellFormed();
};

/** The person behind an account of that platform; a name there that looks like somebody's id here is a stranger's all the same. */
function whoIs(draft: Draft, { platform, by, byNumber }: TrackerNews): string {
  if (by === undefined) return 'system';
  const account = `${platform}:${oneLine(by).slice(0, 100)}`;
  return personNumbered(draft, account, byNumber) ?? account;
}

function labelsOf(draft: Draft, news: TrackerNews): readonly string[] | undefined {
  if (news.labels !== undefined) return news.labels;
  const present = draft.get('ref', news.ref)?.labels ?? [];
  if (news.added !== undefined) return [...present.filter((label) => label !== news.added), news.added];
  return news.removed === undefined ? undefined : present.filter((label) => label !== news.removed);
}

/** A story that is made in an item's own circle belongs to that item. */
export function adopt(draft: Draft, ref: string): void {
  const slug = ref.split('/')[0] ?? '';
  // There may be very many items: an address is only read where the name is in it.
  const item = draft.open('item').find(({ circle }) => circle?.includes(slug) === true && circleSlug(circle) === slug);
  const reference = readReference(draft.organisation, ref);
  if (item !== undefined && reference !== undefined) joinLink(draft, item.key, reference);
}
