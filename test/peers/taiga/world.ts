import { type Row, recordedBody, rowOf, rowsOf } from './json.ts';

/** What a Taiga holds: users, projects with their lists, and the things in them. */

export interface User {
  readonly id: number;
  readonly username: string;
  readonly fullName: string;
  readonly password: string;
  /** Made by Taiga itself, for its hooks. */
  readonly isSystem: boolean;
}

export interface Member {
  readonly user: User;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
  readonly role: number;
}

export const LISTS = [
  'epic_statuses',
  'us_statuses',
  'us_duedates',
  'points',
  'task_statuses',
  'task_duedates',
  'issue_statuses',
  'issue_types',
  'issue_duedates',
  'priorities',
  'severities',
  'roles',
] as const;
type ListName = (typeof LISTS)[number];

export interface Project {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly template: number;
  readonly owner: User;
  readonly created: string;
  readonly modified: string;
  readonly lists: Record<ListName, Row[]>;
  readonly defaults: Row;
  readonly members: Member[];
  nextRef: number;
}

export type Kind = 'userstory' | 'issue' | 'task' | 'epic';

export interface Entry {
  readonly id: number;
  readonly date: string;
  readonly user: User;
  comment: string;
  edited: string | null;
  readonly diff: Row;
  readonly uuid: string;
}

export interface Thing {
  readonly kind: Kind;
  readonly id: number;
  readonly ref: number;
  readonly project: Project;
  readonly owner: User;
  readonly created: string;
  modified: string;
  finished: string | null;
  version: number;
  isClosed: boolean;
  status: number;
  readonly fields: Row;
  tags: [string, string | null][];
  readonly watchers: Set<number>;
  readonly epics: Row[];
  readonly history: Entry[];
  /** What each version changed. */
  readonly changed: Map<number, readonly string[]>;
  readonly attributes: { values: Row; version: number };
  orders: Row;
}

export interface Milestone {
  readonly id: number;
  readonly project: Project;
  readonly name: string;
  readonly slug: string;
  readonly owner: User;
  readonly start: string;
  readonly finish: string;
  readonly created: string;
  readonly modified: string;
}

export interface Hook {
  readonly id: number;
  readonly project: Project;
  readonly name: string;
  readonly url: string;
  readonly key: string;
  readonly logs: Row[];
}

export interface World {
  readonly users: User[];
  readonly projects: Project[];
  readonly things: Record<Kind, Thing[]>;
  readonly milestones: Milestone[];
  readonly hooks: Hook[];
  readonly templates: Row[];
  readonly attributes: Row[];
  /** The moment as Taiga writes it, never the same twice. */
  stamp(): string;
  now(): number;
  nextId(of: string): number;
  /** Microseconds, as orders are counted. */
  order(): number;
}

export function createWorld(now: () => number): World {
  const last = new Map<string, number>();
  let latest = 0;
  let order = 0;
  return {
    users: [],
    projects: [],
    things: { userstory: [], issue: [], task: [], epic: [] },
    milestones: [],
    hooks: [],
    templates: rowsOf(structuredClone(recordedBody('05-GET_project_templates'))),
    attributes: [],
    now,
    stamp: () => {
      latest = Math.max(latest + 1, now());
      return new Date(latest).toISOString();
    },
    nextId: (of) => {
      const id = (last.get(of) ?? 0) + 1;
      last.set(of, id);
      return id;
    },
    order: () => {
      order = Math.max(order + 1, now() * 1_000);
      return order;
    },
  };
}

const LIKE = rowOf(recordedBody('06-POST_projects'));
const ALL_PERMISSIONS = (LIKE.my_permissions as string[]).slice();

const DEFAULTS: readonly (readonly [field: string, list: ListName, option: string])[] = [
  ['default_epic_status', 'epic_statuses', 'epic_status'],
  ['default_points', 'points', 'points'],
  ['default_us_status', 'us_statuses', 'us_status'],
  ['default_task_status', 'task_statuses', 'task_status'],
  ['default_priority', 'priorities', 'priority'],
  ['default_severity', 'severities', 'severity'],
  ['default_issue_status', 'issue_statuses', 'issue_status'],
  ['default_issue_type', 'issue_types', 'issue_type'],
];
const USUAL: Row = {
  points: '?',
  epic_status: 'New',
  us_status: 'New',
  task_status: 'New',
  issue_status: 'New',
  issue_type: 'Bug',
  priority: 'Normal',
  severity: 'Normal',
};

export interface NewProject {
  readonly name: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly template: number;
  readonly owner: User;
  /** Where the lists are copied from; none: the stock ones. */
  readonly like?: Project | undefined;
}

/** A project, with lists of its own. The same name once more gets another slug, and that is all. */
export function addProject(world: World, given: NewProject): Project {
  const id = world.nextId('project');
  const source: Row = given.like === undefined ? LIKE : given.like.lists;
  const lists = Object.fromEntries(
    LISTS.map((name) => [
      name,
      rowsOf(source[name]).map((row): Row => ({ ...structuredClone(row), id: world.nextId(name), project_id: id })),
    ]),
  ) as Record<ListName, Row[]>;
  const defaults = Object.fromEntries(
    DEFAULTS.map(([field, list, option]) => [
      field,
      lists[list].find(({ name }) => name === USUAL[option])?.id ?? null,
    ]),
  );
  const base = slugify(`${given.owner.username}-${given.name}`);
  let slug = base;
  for (let number = 1; world.projects.some((each) => each.slug === slug); number += 1) slug = `${base}-${number}`;
  const project: Project = {
    ...given,
    id,
    slug,
    created: world.stamp(),
    modified: world.stamp(),
    lists,
    defaults,
    members: [],
    nextRef: 1,
  };
  addMember(project, given.owner, 'admin');
  world.projects.push(project);
  return project;
}

export function addMember(project: Project, user: User, rights: 'admin' | readonly string[]): void {
  const at = project.members.findIndex((each) => each.user.id === user.id);
  if (at >= 0) project.members.splice(at, 1);
  const role = project.lists.roles.find(({ slug }) => slug === (rights === 'admin' ? 'product-owner' : 'back'));
  project.members.push({
    user,
    isAdmin: rights === 'admin',
    permissions: rights === 'admin' ? ALL_PERMISSIONS : rights,
    role: Number(role?.id ?? 0),
  });
}

export const slugify = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/[-\s]+/g, '-');

export const memberOf = (project: Project, user: User | undefined): Member | undefined =>
  project.members.find((each) => each.user.id === user?.id);

/** Public projects may be looked at by all. */
export function may(project: Project, user: User | undefined, permission: string): boolean {
  const member = memberOf(project, user);
  if (member !== undefined) return member.isAdmin || member.permissions.includes(permission);
  return !project.isPrivate && permission.startsWith('view_');
}
