import type { Performed } from '../../src/forge-ports.ts';
import { Anything, type Entry, type Project } from './api-schema.ts';
import { type Client, PLURAL, readTarget, type Target } from './client.ts';
import { type Failure, performedOf } from './failure.ts';
import { nameOfStatus } from './inbound.ts';

/** Changing what is there: read, decide, write, and all of it again where somebody was quicker. */

type Unlucky = Exclude<Performed, { readonly is: 'done' }>;

export type Found =
  | { readonly is: 'found'; readonly target: Target; readonly entry: Entry; readonly project: Project }
  | { readonly is: 'failed'; readonly failure: Failure }
  | { readonly is: 'absent'; readonly why: string };

/** The story or issue with its project. */
export async function findEntry(client: Client, ref: string): Promise<Found> {
  const target = readTarget(ref);
  if (target === undefined)
    return { is: 'absent', why: `${ref} is no story or issue of Circles; write slug/us:4 or slug/issue:5` };
  const entry = await client.entry(target);
  if (!entry.ok) return { is: 'failed', failure: entry.failure };
  if (entry.body === null) return { is: 'absent', why: `${ref} is not in Circles` };
  if (entry.body === undefined)
    return { is: 'absent', why: `our user may not see ${ref}; give its role in ${target.slug} the right to` };
  const project = await projectOf(client, target.slug, target.kind === 'us' ? entry.body : undefined);
  return project.ok
    ? { is: 'found', target, entry: entry.body, project: project.body }
    : { is: 'failed', failure: project.failure };
}

/** The project; asked for anew where the story has a status that it did not have when we looked. */
export async function projectOf(client: Client, slug: string, story?: Entry) {
  const project = await client.project(slug);
  const isOld = project.ok && story?.status != null && nameOfStatus(story, project.body) === undefined;
  return isOld ? client.project(slug, true) : project;
}

export const unlucky = (found: Exclude<Found, { is: 'found' }>, again: boolean): Unlucky =>
  found.is === 'failed' ? performedOf(found.failure, false, again) : { is: 'refused', why: found.why };

export type Decision =
  | { readonly is: 'write'; readonly fields: Readonly<Record<string, unknown>> }
  /** It is so already. */
  | { readonly is: 'nothing' }
  | { readonly is: 'refused'; readonly why: string };

const MOST_TRIES = 4;

/** Decides on what is there now, and decides anew when the version is not the one any more. */
export async function edit(
  client: Client,
  ref: string,
  again: boolean,
  decide: (entry: Entry, project: Project, target: Target) => Decision,
): Promise<Performed> {
  let last: Failure | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const found = await findEntry(client, ref);
    if (found.is !== 'found') return unlucky(found, again);
    const { target, entry, project } = found;
    const decision = decide(entry, project, target);
    if (decision.is === 'nothing') return { is: 'done', ref };
    if (decision.is === 'refused') return decision;
    const body = { ...decision.fields, version: entry.version };
    const answer = await client.call({ method: 'PATCH', path: `/${PLURAL[target.kind]}/${entry.id}`, body }, Anything);
    if (answer.ok) return { is: 'done', ref };
    if (answer.failure.is !== 'answered' || !answer.failure.isStale) return performedOf(answer.failure, true, again);
    last = answer.failure;
  }
  return performedOf(last ?? { is: 'unknown', why: 'nothing was tried' }, false, again);
}
