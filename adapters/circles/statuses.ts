import type { Project, Status } from './api-schema.ts';
import type { Kind } from './client.ts';
import type { Decision } from './edit.ts';

/** Which status of a project means what. */

const statusesOf = (project: Project, kind: Kind): readonly Status[] =>
  [...(kind === 'us' ? project.us_statuses : project.issue_statuses)].sort((a, b) => a.order - b.order);

const counts = (status: Status, kind: Kind, closed: readonly string[]): boolean =>
  status.is_closed && (kind === 'issue' || closed.length === 0 || closed.includes(status.slug));

/** To a status by its slug, or by the name that people see. */
export function moveTo(current: number | null, project: Project, kind: Kind, wanted: string): Decision {
  const statuses = statusesOf(project, kind);
  const found =
    statuses.find(({ slug }) => slug === wanted) ??
    statuses.find(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
  if (found === undefined)
    return {
      is: 'refused',
      why: `${project.slug} has no status ${wanted}; it has ${statuses.map(({ slug }) => slug).join(', ')}`,
    };
  return found.id === current ? { is: 'nothing' } : { is: 'write', fields: { status: found.id } };
}

/** To the first status that counts as closed, or to where new ones begin. What is so already stays where it is. */
export function turnTo(
  current: number | null,
  project: Project,
  kind: Kind,
  to: 'open' | 'closed',
  closed: readonly string[],
): Decision {
  const statuses = statusesOf(project, kind);
  const now = statuses.find(({ id }) => id === current);
  const isClosed = now !== undefined && counts(now, kind, closed);
  if (now !== undefined && isClosed === (to === 'closed')) return { is: 'nothing' };
  const first = kind === 'us' ? project.default_us_status : project.default_issue_status;
  const found =
    to === 'closed'
      ? (statuses.find((each) => counts(each, kind, closed) && each.is_archived !== true) ??
        statuses.find((each) => counts(each, kind, closed)))
      : (statuses.find((each) => each.id === first && !each.is_closed) ?? statuses.find((each) => !each.is_closed));
  return found === undefined
    ? { is: 'refused', why: `${project.slug} has no status that counts as ${to}; add one there` }
    : { is: 'write', fields: { status: found.id } };
}

/** Labels are tags there, in lower case. Our own marker stays whatever the labels are. */
export function relabel(tags: readonly string[], add: readonly string[], remove: readonly string[]): Decision {
  const gone = new Set(remove.map(tagOf));
  const kept = tags.filter((tag) => !gone.has(tag));
  const fresh = add.map(tagOf).filter((tag) => tag !== '' && !kept.includes(tag));
  if (fresh.length === 0 && kept.length === tags.length) return { is: 'nothing' };
  return { is: 'write', fields: { tags: [...kept, ...new Set(fresh)] } };
}

/** A comma would make two of it where tags are asked for. */
export const tagOf = (label: string): string =>
  label
    .toWellFormed()
    .replace(/[\p{Cc},]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .slice(0, 100);
