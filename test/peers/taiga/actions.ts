import { randomUUID } from 'node:crypto';
import { type Row, textOf } from './json.ts';
import { statusRow } from './render.ts';
import type { Entry, Kind, Milestone, Project, Thing, User, World } from './world.ts';

/** What happens in a Taiga, by the API or by hand: everything that changes a thing goes through here. */

export type Happening =
  | { readonly action: 'create' | 'delete'; readonly thing: Thing; readonly by: User }
  | { readonly action: 'change'; readonly thing: Thing; readonly by: User; readonly entry: Entry }
  | { readonly action: 'create'; readonly milestone: Milestone; readonly by: User }
  | {
      readonly action: 'create';
      readonly related: { readonly id: number; story: Thing; epic: Thing };
      readonly by: User;
    };

export interface Stage {
  readonly world: World;
  /** Tells the hooks. */
  happened(what: Happening): void;
}

const STATUS_LISTS = {
  userstory: ['us_statuses', 'default_us_status'],
  issue: ['issue_statuses', 'default_issue_status'],
  task: ['task_statuses', 'default_task_status'],
  epic: ['epic_statuses', 'default_epic_status'],
} as const;
/** What may be set, beside the status and the tags. */
const FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  userstory: ['subject', 'description', 'milestone', 'external_reference'],
  issue: ['subject', 'description', 'milestone', 'external_reference', 'severity', 'priority', 'type'],
  task: ['subject', 'description', 'milestone', 'external_reference', 'user_story'],
  epic: ['subject', 'description'],
};
const CHOICES = { severity: 'severities', priority: 'priorities', type: 'issue_types' } as const;

/** A refusal: its status and body. */
export class Refusal {
  readonly status: number;
  readonly body: Row;
  constructor(status: number, body: Row) {
    this.status = status;
    this.body = body;
  }
}

export const notFound = (): Refusal => new Refusal(404, { _error_message: '' });
export const forbidden = (): Refusal =>
  new Refusal(403, {
    _error_message: 'You do not have permission to perform this action.',
    _error_type: 'taiga.base.exceptions.PermissionDenied',
  });

/** Reads what was sent into what it sets; throws what is refused. */
function fieldsOf(kind: Kind, project: Project, given: Row): Row {
  const set = Object.fromEntries(FIELDS[kind].filter((name) => name in given).map((name) => [name, given[name]]));
  for (const [name, list] of Object.entries(CHOICES)) {
    if (set[name] === undefined) continue;
    if (!project.lists[list].some(({ id }) => id === set[name]))
      throw new Refusal(400, { [name]: [`Invalid pk '${String(set[name])}' - object does not exist.`] });
  }
  if ('subject' in set && textOf(set.subject) === '') throw new Refusal(400, { subject: ['This field is required.'] });
  // The database takes no NUL, and the server has no word for that.
  for (const each of [set.subject, set.description, given.comment])
    if (textOf(each).includes('\0')) throw new Refusal(500, { _error_message: 'Internal server error' });
  return set;
}

function tagsOf(given: unknown, before: readonly [string, string | null][]): [string, string | null][] {
  if (!Array.isArray(given)) return [...before];
  const tags = new Map<string, string | null>();
  for (const each of given) {
    const [name, colour] = Array.isArray(each) ? each : [each, null];
    if (typeof name !== 'string') throw new Refusal(400, { tags: [`Invalid tag '${String(each)}'.`] });
    const key = name.toLowerCase();
    const known = before.find(([earlier]) => earlier === key)?.[1] ?? null;
    tags.set(key, typeof colour === 'string' ? colour : known);
  }
  return [...tags];
}

export function create(stage: Stage, kind: Kind, project: Project, by: User, given: Row): Thing {
  const { world } = stage;
  const [list, fallback] = STATUS_LISTS[kind];
  const fields: Row = {
    description: '',
    ...(kind === 'epic' ? {} : { milestone: null, external_reference: null }),
    ...(kind === 'issue'
      ? {
          severity: project.defaults.default_severity,
          priority: project.defaults.default_priority,
          type: project.defaults.default_issue_type,
        }
      : {}),
    ...fieldsOf(kind, project, { subject: '', ...given }),
  };
  const status = given.status ?? project.defaults[fallback];
  if (!project.lists[list].some(({ id }) => id === status)) throw forbidden();
  const order = world.order();
  const created = world.stamp();
  const thing: Thing = {
    kind,
    id: world.nextId(kind),
    ref: project.nextRef,
    project,
    owner: by,
    created,
    modified: created,
    finished: null,
    version: 1,
    isClosed: false,
    status: Number(status),
    fields,
    tags: tagsOf(given.tags, []),
    watchers: new Set(),
    epics: [],
    history: [],
    changed: new Map(),
    attributes: { values: {}, version: 1 },
    orders:
      kind === 'userstory'
        ? { backlog_order: order, sprint_order: order, kanban_order: order }
        : kind === 'task'
          ? { us_order: order, taskboard_order: order }
          : kind === 'epic'
            ? { epics_order: order }
            : {},
  };
  project.nextRef += 1;
  world.things[kind].push(thing);
  settle(world, thing);
  stage.happened({ action: 'create', thing, by });
  return thing;
}

/** A change through the API: the version must be the one that is there, or what others changed since must be something else. */
export function change(stage: Stage, thing: Thing, by: User, given: Row): void {
  const version = given.version === undefined || given.version === null ? undefined : Number(given.version);
  if (version === undefined || version < 0 || version > thing.version)
    throw new Refusal(400, { version: 'The version parameter is not valid' });
  if (Number.isNaN(version)) throw new Refusal(400, { version: 'The version must be an integer' });
  const set = fieldsOf(thing.kind, thing.project, given);
  const [list] = STATUS_LISTS[thing.kind];
  if (given.status !== undefined && !thing.project.lists[list].some(({ id }) => id === given.status)) throw forbidden();
  const theirs = new Set<string>();
  for (let number = version + 1; number <= thing.version; number += 1)
    for (const name of thing.changed.get(number) ?? []) theirs.add(name);
  if (Object.keys(given).some((name) => theirs.has(name)))
    throw new Refusal(400, { version: "The version doesn't match with the current one" });
  thing.version += 1;
  const before = statusRow(thing);
  const diff: Row = {};
  for (const [name, value] of Object.entries(set)) {
    if (JSON.stringify(thing.fields[name]) === JSON.stringify(value)) continue;
    diff[name === 'description' ? 'description_diff' : name] =
      name === 'description' ? 'Check the history API for the exact diff' : { from: thing.fields[name], to: value };
    thing.fields[name] = value;
  }
  const tags = tagsOf(given.tags, thing.tags);
  if (JSON.stringify(tags) !== JSON.stringify(thing.tags)) diff.tags = { from: names(thing.tags), to: names(tags) };
  thing.tags = tags;
  if (given.status !== undefined && given.status !== thing.status) {
    thing.status = Number(given.status);
    diff.status = { from: before.name, to: statusRow(thing).name };
    if (thing.kind === 'userstory') thing.orders.kanban_order = stage.world.order();
  }
  thing.modified = stage.world.stamp();
  const wasClosed = thing.isClosed;
  settle(stage.world, thing);
  if (thing.isClosed !== wasClosed) diff.is_closed = { from: wasClosed, to: thing.isClosed };
  const touched = Object.keys(diff).map((name) => (name === 'description_diff' ? 'description' : name));
  thing.changed.set(thing.version, touched);
  note(stage, thing, by, textOf(given.comment), diff);
}

const names = (tags: readonly (readonly [string, string | null])[]): string => tags.map(([name]) => name).join(', ');

/** Keeps what was said or changed, and tells it; without either there is nothing to tell. */
function note(stage: Stage, thing: Thing, by: User, comment: string, diff: Row): Entry | undefined {
  if (comment === '' && Object.keys(diff).length === 0) return undefined;
  const entry: Entry = {
    id: stage.world.nextId('history'),
    uuid: randomUUID(),
    date: stage.world.stamp(),
    user: by,
    comment,
    edited: null,
    diff,
  };
  thing.history.push(entry);
  if (comment !== '' && !by.isSystem) thing.watchers.add(by.id);
  stage.happened({ action: 'change', thing, by, entry });
  return entry;
}

/** Stories follow their tasks where they have any, else their status; of their own dates only the one of finishing tells. */
function settle(world: World, thing: Thing): void {
  if (thing.kind === 'userstory') return settleStory(world, thing);
  if (thing.kind === 'task') {
    thing.finished = statusRow(thing).is_closed === true ? (thing.finished ?? world.stamp()) : null;
    for (const story of world.things.userstory) if (story.project.id === thing.project.id) settleStory(world, story);
  } else if (thing.kind === 'issue')
    thing.finished = statusRow(thing).is_closed === true ? (thing.finished ?? world.stamp()) : null;
}

function settleStory(world: World, story: Thing): void {
  const tasks = world.things.task.filter(({ fields }) => fields.user_story === story.id);
  const isClosed =
    tasks.length === 0
      ? statusRow(story).is_closed === true
      : tasks.every((task) => statusRow(task).is_closed === true);
  if (isClosed === story.isClosed) return;
  story.isClosed = isClosed;
  story.finished = isClosed ? world.stamp() : null;
}

export function remove(stage: Stage, thing: Thing, by: User): void {
  // The hooks are told first: what they hear of a task's story is how it was.
  stage.happened({ action: 'delete', thing, by });
  const all = stage.world.things[thing.kind];
  all.splice(all.indexOf(thing), 1);
  settle(stage.world, thing);
}

/** Dragged into another column: the date of the last change stays as it was, and so does the version. */
export function drag(stage: Stage, story: Thing, by: User, status: number): void {
  const before = statusRow(story).name;
  story.status = status;
  settleStory(stage.world, story);
  note(stage, story, by, '', { status: { from: before, to: statusRow(story).name } });
}

/** By Taiga's own hook: a commit message moves a story. The version stays as it was. */
export function pushedTo(stage: Stage, story: Thing, by: User, slug: string, comment: string): void {
  const [list] = STATUS_LISTS[story.kind];
  const status = story.project.lists[list].find((each) => each.slug === slug);
  const before = statusRow(story).name;
  story.status = Number(status?.id);
  story.modified = stage.world.stamp();
  settle(stage.world, story);
  note(stage, story, by, comment, { status: { from: before, to: status?.name } });
}
