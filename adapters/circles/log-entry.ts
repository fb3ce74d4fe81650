import type { Job, Performed, Severity } from '../../src/forge-ports.ts';
import { Entries, Made, type Named, type Project } from './api-schema.ts';
import { type Client, type Kind, PLURAL } from './client.ts';
import { isAnswered, performedOf } from './failure.ts';
import { tagOf } from './statuses.ts';
import { harmlessBody, harmlessTitle, markerTag } from './words.ts';

/** New stories and issues: never twice, however often it is tried. */

export type LogJob = Extract<Job, { readonly do: 'log' }>;
/** Which of Taiga's severities stands for one of ours, by name. */
export type SeverityNames = Readonly<Partial<Record<Severity, string>>>;

const STOCK: Readonly<Record<Severity, readonly string[]>> = {
  critical: ['critical'],
  major: ['major', 'important'],
  minor: ['minor'],
};

export async function logEntry(
  client: Client,
  job: LogJob,
  marker: string,
  again: boolean,
  severities: SeverityNames,
): Promise<Performed> {
  const project = await client.project(job.where);
  if (!project.ok)
    return isAnswered(project.failure, 404)
      ? { is: 'refused', why: `there is no circle ${job.where}, or our user is no member of it` }
      : performedOf(project.failure, false, again);
  const kind: Kind = job.sort === 'story' ? 'us' : 'issue';
  const refOf = (ref: number): string => `${project.body.slug}/${kind}:${ref}`;
  const tag = markerTag(marker);
  if (again) {
    const query = new URLSearchParams({ project: String(project.body.id), tags: tag });
    const earlier = await client.call({ method: 'GET', path: `/${PLURAL[kind]}?${query}` }, Entries);
    if (!earlier.ok) return performedOf(earlier.failure, false, again);
    // Whatever the list was narrowed by, ours is the one that has the tag.
    const ours = earlier.body.rows.find(({ tags }) => tags.includes(tag));
    if (ours !== undefined) return { is: 'done', ref: refOf(ours.ref) };
  }
  const body = fieldsOf(job, project.body, tag, severities);
  const made = await client.call({ method: 'POST', path: `/${PLURAL[kind]}`, body }, Made);
  // What it lacked may have been made or taken away since we looked.
  if (!made.ok && isAnswered(made.failure, 400)) await client.project(job.where, true);
  return made.ok ? { is: 'done', ref: refOf(made.body.ref) } : performedOf(made.failure, true, again);
}

function fieldsOf(job: LogJob, project: Project, tag: string, severities: SeverityNames) {
  const labels = [...job.labels, ...(job.severity === null ? [] : [job.severity])].map(tagOf).filter(Boolean);
  const common = {
    project: project.id,
    subject: harmlessTitle(job.title),
    description: harmlessBody(job.body),
  };
  if (job.sort === 'story') return { ...common, tags: [...new Set(labels), tag] };
  const severity = severityOf(job.severity, project, severities);
  const type = job.sort === 'feedback' ? byName(project.issue_types, ['feedback', 'enhancement']) : undefined;
  return {
    ...common,
    tags: [...new Set(severity === undefined ? labels : labels.filter((each) => each !== job.severity)), tag],
    severity: severity ?? project.default_severity ?? project.severities[0]?.id,
    priority: project.default_priority ?? project.priorities[0]?.id,
    type: type ?? project.default_issue_type ?? project.issue_types[0]?.id,
  };
}

function severityOf(severity: Severity | null, project: Project, names: SeverityNames): number | undefined {
  if (severity === null) return undefined;
  const own = names[severity];
  return byName(project.severities, [...(own === undefined ? [] : [own.toLowerCase()]), ...STOCK[severity]]);
}

/** The first of the names that there is. */
function byName(rows: readonly Named[], names: readonly string[]): number | undefined {
  return names
    .map((wanted) => rows.find(({ name }) => name.toLowerCase() === wanted)?.id)
    .find((id) => id !== undefined);
}
