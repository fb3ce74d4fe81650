import type { Performed } from '../../src/forge-ports.ts';
import { Brief, Project } from './api-schema.ts';
import type { Client } from './client.ts';
import { isAnswered, performedOf } from './failure.ts';
import { harmlessBody } from './words.ts';

/** A circle from the template. Taiga makes a second one of the same name without a word: it is looked for first. */

export type Prefixes = readonly string[] | Readonly<Record<string, string>>;

const USUAL: Prefixes = { project: 'PROJECT_', team: 'TEAM_', template: 'TEMPLATE_', archive: 'ARCHIVE_' };
const MOST_NAME = 250;

/** The names that mean the same circle, the one that a new one gets first. */
export function namesOf(name: string, prefixes: Prefixes = USUAL): readonly string[] {
  const plain = Array.from(
    name
      .toWellFormed()
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
  )
    .slice(0, MOST_NAME)
    .join('');
  const all = Object.entries(prefixes).map(([key, prefix]) => ({ key, prefix: String(prefix) }));
  if (all.some(({ prefix }) => prefix !== '' && plain.toUpperCase().startsWith(prefix.toUpperCase()))) return [plain];
  const own = all.find(({ key }) => key === 'project') ?? all.find(({ prefix }) => /project/i.test(prefix)) ?? all[0];
  // An archived circle is not the one that is wanted, and a template is none.
  const others = all.filter(({ key, prefix }) => !/archive|template/i.test(`${key} ${prefix}`));
  return [...new Set([`${own?.prefix ?? ''}${plain}`, plain, ...others.map(({ prefix }) => `${prefix}${plain}`)])];
}

export interface CircleJob {
  readonly name: string;
  readonly description: string;
}

/** One at a time: two that are looked for together would both be made. */
export function createCircles(client: Client, template: string | undefined, prefixes: Prefixes | undefined) {
  let before: Promise<unknown> = Promise.resolve();
  return (job: CircleJob, again: boolean): Promise<Performed> => {
    const work = before.then(() => circle(client, job, again, template, prefixes));
    before = work.catch(() => undefined);
    return work;
  };
}

async function circle(
  client: Client,
  job: CircleJob,
  again: boolean,
  template: string | undefined,
  prefixes: Prefixes | undefined,
): Promise<Performed> {
  const names = namesOf(job.name, prefixes);
  const me = await client.me();
  if (!me.ok) return performedOf(me.failure, false, again);
  const query = new URLSearchParams({ member: String(me.body.id), slight: 'true' });
  const ours = await client.call({ method: 'GET', path: `/projects?${query}`, unpaged: true }, Brief);
  if (!ours.ok) return performedOf(ours.failure, false, again);
  const found = names
    .map((name) => ours.body.filter((each) => each.name.toLowerCase() === name.toLowerCase()))
    .flatMap((same) => same.sort((a, b) => a.id - b.id))[0];
  if (found !== undefined) return { is: 'done', ref: found.slug };
  if (template === undefined)
    return { is: 'refused', why: 'no template is set; write the slug of a circle under circles: template in the file' };
  const source = await client.project(template, true);
  if (!source.ok)
    return isAnswered(source.failure, 404)
      ? { is: 'refused', why: `the template ${template} is not there, or our user is no member of it` }
      : performedOf(source.failure, false, again);
  const body = {
    name: names[0],
    // Taiga refuses a project without a description.
    description: harmlessBody(job.description) || job.name,
    is_private: source.body.is_private ?? true,
    users: source.body.members.filter(({ id }) => id !== me.body.id).map(({ id }) => ({ id })),
  };
  const path = `/projects/${source.body.id}/duplicate`;
  const made = await client.call({ method: 'POST', path, body }, Project);
  return made.ok ? { is: 'done', ref: made.body.slug } : performedOf(made.failure, true, again);
}
