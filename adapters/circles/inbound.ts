import type { TrackerNews } from '../../src/forge-ports.ts';
import type { Entry, Project } from './api-schema.ts';
import { type TaigaData, TaigaPayload } from './schema.ts';
import { isMarkerTag } from './words.ts';

/** Taiga's stock severities in the words of the rules; it has no Major of its own. */
const SEVERITIES: ReadonlyMap<string, string> = new Map([
  ['critical', 'critical'],
  ['important', 'major'],
  ['major', 'major'],
  ['minor', 'minor'],
]);

/** Reads a Taiga webhook, already verified, into news of a story or an issue. */
export function readCircles(payload: unknown, closedStatuses: readonly string[] = []): TrackerNews[] {
  const parsed = TaigaPayload.safeParse(payload);
  if (!parsed.success) return [];
  const { type, action, data, by, change } = parsed.data;
  const who = by === undefined ? {} : { by: by.username };
  if (type === 'task') {
    // A story that follows its tasks tells nothing by itself; a task tells it. One that is taken away tells what was before.
    if (action === 'delete' || data.user_story == null) return [];
    return newsOf(data.user_story, 'us', false, closedStatuses).map((news) => ({ ...news, ...who }));
  }
  if (type !== 'userstory' && type !== 'issue') return [];
  const comment = change?.comment ?? '';
  return newsOf(data, type === 'userstory' ? 'us' : 'issue', action === 'delete', closedStatuses).map((news) => ({
    ...news,
    ...who,
    ...(comment === '' ? {} : { comment }),
  }));
}

function newsOf(data: TaigaData, kind: 'us' | 'issue', isGone: boolean, closed: readonly string[]): TrackerNews[] {
  const slug = slugOf(data);
  if (slug === undefined || data.ref === undefined || data.ref < 1) return [];
  const labels = labelsOf(data.tags ?? [], data.severity?.name);
  return [
    {
      platform: 'circles',
      ref: `${slug}/${kind}:${data.ref}`,
      kind: kind === 'us' ? 'story' : 'issue',
      ...(data.subject === undefined ? {} : { title: data.subject }),
      ...(data.milestone === undefined ? {} : { milestone: data.milestone?.name ?? null }),
      open: !isGone && !isClosed(kind, data.is_closed, data.status ?? undefined, closed),
      ...(data.tags == null && data.severity == null ? {} : { labels }),
    },
  ];
}

/** A word that can be nothing but a circle's: it is the beginning of a reference. */
const SLUG = /^\w[\w.-]*$/;

function slugOf(data: TaigaData): string | undefined {
  const told = data.project?.slug;
  if (told !== undefined) return SLUG.test(told) ? told : undefined;
  return /\/project\/(\w[\w.-]*)/.exec(data.permalink ?? data.project?.permalink ?? '')?.[1];
}

const labelsOf = (tags: readonly string[], severity: string | undefined): string[] => {
  const level = severity === undefined ? undefined : SEVERITIES.get(severity.toLowerCase());
  return [...tags.filter((tag) => tag !== '' && !isMarkerTag(tag)), ...(level === undefined ? [] : [level])];
};

/**
 * A story's own flag follows its tasks and not its status: it is closed when both say so. Which statuses count may be set;
 * they are a story's, and an issue has its own.
 */
function isClosed(
  kind: 'us' | 'issue',
  flag: boolean | undefined,
  status: { readonly slug?: string | undefined; readonly is_closed?: boolean | undefined } | undefined,
  closed: readonly string[],
): boolean {
  if (kind === 'issue') return status?.is_closed ?? flag ?? false;
  const byStatus = closed.length > 0 && status?.slug !== undefined ? closed.includes(status.slug) : status?.is_closed;
  return (flag ?? byStatus ?? false) && (byStatus ?? flag ?? false);
}

/** The same for what the API tells. The project gives the names that stand behind its numbers. */
export function newsOfEntry(
  entry: Entry,
  kind: 'us' | 'issue',
  project: Project,
  closed: readonly string[],
): TrackerNews {
  // A status that has no name here yet is none of those that count.
  const slug = kind === 'us' ? (nameOfStatus(entry, project) ?? '') : undefined;
  const status = { is_closed: entry.status_extra_info?.is_closed, slug };
  const severity = project.severities.find(({ id }) => id === entry.severity)?.name;
  return {
    platform: 'circles',
    ref: `${project.slug}/${kind}:${entry.ref}`,
    kind: kind === 'us' ? 'story' : 'issue',
    title: entry.subject,
    ...(entry.milestone === null
      ? { milestone: null }
      : entry.milestone_name == null
        ? {}
        : { milestone: entry.milestone_name }),
    open: !isClosed(kind, entry.is_closed, status, closed),
    labels: labelsOf(entry.tags, severity),
  };
}

/** Undefined: the project has got that status since we looked. */
export const nameOfStatus = (entry: Entry, project: Project): string | undefined =>
  project.us_statuses.find(({ id }) => id === entry.status)?.slug;
