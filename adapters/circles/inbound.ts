import type { TrackerNews } from '../../src/ports.ts';
import { TaigaPayload } from './schema.ts';

/** Taiga's stock severities in the words of the rules; it has no Major of its own. */
const SEVERITIES: Readonly<Record<string, string>> = { Critical: 'critical', Important: 'major', Minor: 'minor' };

/** Reads a Taiga webhook, already verified, into news of a story or an issue. */
export function readCircles(payload: unknown, closedStatuses: readonly string[] = []): TrackerNews[] {
  const parsed = TaigaPayload.safeParse(payload);
  if (!parsed.success) return [];
  const { type, action, data, by, change } = parsed.data;
  const slug = slugOf(data);
  if (slug === undefined || (type !== 'userstory' && type !== 'issue')) return [];
  const isClosed = action === 'delete' || isClosedStory(data, closedStatuses, type);
  const labels = [
    ...(data.tags ?? []),
    ...(data.severity == null ? [] : [SEVERITIES[data.severity.name] ?? '']),
  ].filter(Boolean);
  const comment = change?.comment ?? '';
  return [
    {
      platform: 'circles',
      ref: `${slug}/${type === 'userstory' ? 'us' : 'issue'}:${data.ref}`,
      kind: type === 'userstory' ? 'story' : 'issue',
      ...(data.subject === undefined ? {} : { title: data.subject }),
      open: !isClosed,
      ...(data.tags == null && data.severity == null ? {} : { labels }),
      ...(by === undefined ? {} : { by: by.username }),
      ...(comment === '' ? {} : { comment }),
    },
  ];
}

function slugOf(data: TaigaPayload['data']): string | undefined {
  if (data.project?.slug !== undefined) return data.project.slug;
  return /\/project\/([\w.-]+)/.exec(data.permalink ?? data.project?.permalink ?? '')?.[1];
}

/** A story's own flag follows its tasks and not its status: a story is closed when both say so. */
function isClosedStory(data: TaigaPayload['data'], closedStatuses: readonly string[], type: string): boolean {
  const byStatus =
    closedStatuses.length > 0 && data.status?.slug !== undefined
      ? closedStatuses.includes(data.status.slug)
      : data.status?.is_closed;
  if (type === 'issue') return byStatus ?? data.is_closed ?? false;
  return (data.is_closed ?? byStatus ?? false) && (byStatus ?? data.is_closed ?? false);
}
