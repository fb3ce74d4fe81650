import type { z } from 'zod';
import type { Clock } from '../../src/forge-ports.ts';
import { Entry, Me, Project, Resolved } from './api-schema.ts';
import type { Auth } from './auth.ts';
import type { Connection } from './connection.ts';
import { type Answer, isAnswered, isUnauthorised } from './failure.ts';
import type { Request, Send } from './http.ts';

/** Taiga as we use it: signed in, with the few things remembered that hardly change. */

export type Kind = 'us' | 'issue';

/** Where the stories and issues of a circle are, in Taiga's words. */
export const PLURAL: Readonly<Record<Kind, 'userstories' | 'issues'>> = { us: 'userstories', issue: 'issues' };
export const MODEL: Readonly<Record<Kind, 'userstory' | 'issue'>> = { us: 'userstory', issue: 'issue' };

export interface Client {
  call<T>(request: Request, schema: z.ZodType<T>): Promise<Answer<T>>;
  me(): Promise<Answer<Me>>;
  /** Our name there, once it is known. */
  username(): string | undefined;
  project(slug: string, isFresh?: boolean): Promise<Answer<Project>>;
  /** The story or issue as it is now; `undefined` where it is hidden from us, null where it is not there. */
  entry(target: Target): Promise<Answer<Entry | null | undefined>>;
}

/** `grid/us:4`, read. */
export interface Target {
  readonly slug: string;
  readonly kind: Kind;
  readonly number: number;
}

/** Undefined: this names nothing in Circles. */
export function readTarget(ref: string): Target | undefined {
  const found = /^([\w.-]+)\/(us|issue):(\d{1,9})$/.exec(ref);
  if (found === null) return undefined;
  return { slug: found[1] ?? '', kind: found[2] === 'us' ? 'us' : 'issue', number: Number(found[3]) };
}

/** How long a project's lists of statuses and the like are believed. */
const FRESH = 600_000;
const MOST_IDS = 20_000;

export interface ClientParts {
  readonly send: Send;
  readonly auth: Auth;
  readonly connection: Connection;
  readonly clock: Clock;
}

export function createClient({ send, auth, connection, clock }: ClientParts): Client {
  let known: Me | undefined;
  const projects = new Map<string, { readonly project: Project; readonly until: number }>();
  const ids = new Map<string, number>();

  const signed = async <T>(request: Request, schema: z.ZodType<T>): Promise<Answer<T>> => {
    const header = await auth.header();
    if (!header.ok) return header;
    const answer = await send({ ...request, authorization: header.body }, schema);
    if (answer.ok || !isUnauthorised(answer.failure)) return answer;
    const renewed = await auth.renew(header.body);
    if (renewed === undefined) return answer;
    return renewed.ok ? send({ ...request, authorization: renewed.body }, schema) : renewed;
  };
  const call = async <T>(request: Request, schema: z.ZodType<T>): Promise<Answer<T>> => {
    const answer = await signed(request, schema);
    if (answer.ok) connection.went(known?.username);
    else connection.failed(answer.failure);
    return answer;
  };
  const me = async (): Promise<Answer<Me>> => {
    if (known !== undefined) return { ok: true, body: known, hasNext: false, date: undefined };
    const answer = await call({ method: 'GET', path: '/users/me' }, Me);
    if (answer.ok) {
      known = answer.body;
      connection.went(known.username);
    }
    return answer;
  };
  const project = async (slug: string, isFresh = false): Promise<Answer<Project>> => {
    const kept = projects.get(slug);
    if (kept !== undefined && !isFresh && kept.until > clock.now())
      return { ok: true, body: kept.project, hasNext: false, date: undefined };
    const answer = await call({ method: 'GET', path: `/projects/by_slug?${new URLSearchParams({ slug })}` }, Project);
    if (answer.ok) projects.set(slug, { project: answer.body, until: clock.now() + FRESH });
    return answer;
  };
  const find = async ({ slug, kind, number }: Target): Promise<Answer<number | null | undefined>> => {
    const name = `${slug}/${kind}:${number}`;
    const kept = ids.get(name);
    if (kept !== undefined) return { ok: true, body: kept, hasNext: false, date: undefined };
    const query = new URLSearchParams({ project: slug, [kind]: String(number) });
    const answer = await call({ method: 'GET', path: `/resolver?${query}` }, Resolved);
    if (!answer.ok) return isAnswered(answer.failure, 404) ? absent : answer;
    const id = answer.body[kind];
    if (id !== undefined) {
      if (ids.size >= MOST_IDS) ids.clear();
      ids.set(name, id);
    }
    return { ...answer, body: id };
  };
  const entry = async (target: Target): Promise<Answer<Entry | null | undefined>> => {
    const found = await find(target);
    if (!found.ok) return found;
    if (found.body === null || found.body === undefined) return { ...found, body: found.body };
    const answer = await call({ method: 'GET', path: `/${PLURAL[target.kind]}/${found.body}` }, Entry);
    if (!answer.ok) return isAnswered(answer.failure, 404) ? absent : answer;
    // It may have gone to another circle, where it has another number.
    const isSame =
      answer.body.ref === target.number && (answer.body.project_extra_info?.slug ?? target.slug) === target.slug;
    return isSame ? answer : absent;
  };
  return { call, me, username: () => known?.username, project, entry };
}

const absent = { ok: true, body: null, hasNext: false, date: undefined } as const;
